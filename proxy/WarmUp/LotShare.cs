namespace CacheOperator.Proxy.WarmUp;

/// <summary>Which part of the largest lots a member may be asked for at a time, with a rest after each; 1: all of them, without.</summary>
internal delegate double LotShare();
