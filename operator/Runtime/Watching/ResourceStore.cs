using System.Collections.Immutable;
using CacheOperator.Operator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Watching;

/// <summary>
/// The objects of one kind: an immutable map that is swapped whole, and those who want to hear of its changes.
/// Readers never block; changes are made and told one at a time.
/// </summary>
/// <param name="onHandlerError">Told what a subscriber threw.</param>
/// <param name="groupLabel">Label by which objects can be found in groups; null for none.</param>
internal sealed class ResourceStore<T>(Action<Exception> onHandlerError, string? groupLabel = null)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<ObjectKey, T> _objects = ImmutableDictionary<ObjectKey, T>.Empty;
    private ImmutableDictionary<ObjectKey, ImmutableDictionary<ObjectKey, T>> _groups = ImmutableDictionary<ObjectKey, ImmutableDictionary<ObjectKey, T>>.Empty;
    private ImmutableArray<Action<ResourceChange<T>>> _handlers = [];

    public ImmutableDictionary<ObjectKey, T> Objects => Volatile.Read(ref _objects);

    /// <summary>The objects of a namespace whose group label has this value.</summary>
    public IEnumerable<T> Group(ObjectKey group) => Volatile.Read(ref _groups).GetValueOrDefault(group)?.Values ?? [];

    public IDisposable Subscribe(Action<ResourceChange<T>> handler)
    {
        // Every subscription has an identity of its own, even of the same delegate.
        void Own(ResourceChange<T> change) => handler(change);
        Action<ResourceChange<T>> own = Own;
        lock (_gate)
        {
            _handlers = _handlers.Add(own);
            foreach (var item in _objects.Values)
                Tell([own], new ResourceChange<T>(null, item));
        }

        return new Subscription(this, own);
    }

    /// <summary>
    /// Takes a complete list of a scope: tells what was added, changed and is gone since the last one.
    /// </summary>
    /// <param name="scope">The namespace that was listed, or null for everything.</param>
    /// <param name="keep">Objects that exist but could not be read: what was known of them stays.</param>
    public void Replace(string? scope, IEnumerable<T> items, IReadOnlySet<ObjectKey> keep)
    {
        lock (_gate)
        {
            var old = _objects;
            var listed = new Dictionary<ObjectKey, T>();
            foreach (var item in items)
                listed[ObjectKey.Of(item)] = item;
            var gone = old.Keys.Where(key => (scope is null || key.Namespace == scope) && !listed.ContainsKey(key) && !keep.Contains(key)).ToList();
            Swap(old.RemoveRange(gone).SetItems(listed), [.. gone.Select(key => (key, (T?)old[key], (T?)null)), .. listed.Select(l => (l.Key, old.GetValueOrDefault(l.Key), (T?)l.Value))]);

            foreach (var key in gone)
                Tell(_handlers, new ResourceChange<T>(old[key], null));
            foreach (var (key, item) in listed)
                TellChange(old.GetValueOrDefault(key), item);
        }
    }

    public void Set(T item)
    {
        var key = ObjectKey.Of(item);
        lock (_gate)
        {
            var old = _objects.GetValueOrDefault(key);
            Swap(_objects.SetItem(key, item), [(key, old, item)]);
            TellChange(old, item);
        }
    }

    /// <summary>Removes an object.</summary>
    /// <param name="last">Its last state, as the deletion showed it; null when that could not be read.</param>
    public void Remove(ObjectKey key, T? last)
    {
        lock (_gate)
        {
            if (!_objects.TryGetValue(key, out var old))
                return;
            Swap(_objects.Remove(key), [(key, old, null)]);
            Tell(_handlers, new ResourceChange<T>(last ?? old, null));
        }
    }

    private void Swap(ImmutableDictionary<ObjectKey, T> objects, IReadOnlyList<(ObjectKey Key, T? Old, T? New)> changes)
    {
        var groups = _groups;
        foreach (var (key, old, item) in changes)
        {
            var (left, entered) = (GroupOf(old), GroupOf(item));
            if (left is { } from && from != entered)
            {
                var rest = groups[from].Remove(key);
                groups = rest.IsEmpty ? groups.Remove(from) : groups.SetItem(from, rest);
            }

            if (entered is { } to)
                groups = groups.SetItem(to, groups.GetValueOrDefault(to, ImmutableDictionary<ObjectKey, T>.Empty).SetItem(key, item!));
        }

        Volatile.Write(ref _groups, groups);
        Volatile.Write(ref _objects, objects);
    }

    private ObjectKey? GroupOf(T? item) =>
        groupLabel is not null && item?.Metadata.Labels is { } labels && labels.TryGetValue(groupLabel, out var value)
            ? new ObjectKey(item.Metadata.NamespaceProperty, value)
            : null;

    private void TellChange(T? old, T item)
    {
        // A new object under an old name: whoever tracks objects by UID must hear of the end of the first one.
        if (old is not null && old.Metadata.Uid != item.Metadata.Uid)
        {
            Tell(_handlers, new ResourceChange<T>(old, null));
            old = null;
        }

        if (old is null || old.Metadata.ResourceVersion != item.Metadata.ResourceVersion)
            Tell(_handlers, new ResourceChange<T>(old, item));
    }

    private void Tell(ImmutableArray<Action<ResourceChange<T>>> handlers, ResourceChange<T> change)
    {
        foreach (var handler in handlers)
        {
            try
            {
                handler(change);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // One subscriber's defect must stop neither the watch nor the other subscribers.
                onHandlerError(e);
            }
        }
    }

    private sealed class Subscription(ResourceStore<T> store, Action<ResourceChange<T>> handler) : IDisposable
    {
        public void Dispose()
        {
            lock (store._gate)
                store._handlers = store._handlers.Remove(handler);
        }
    }
}
