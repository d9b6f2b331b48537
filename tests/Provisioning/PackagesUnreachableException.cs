namespace CacheOperator.Provisioning;

/// <summary>Packages are lacking, and no source of packages answers: this machine is offline.</summary>
public sealed class PackagesUnreachableException : ProvisioningException
{
    public PackagesUnreachableException()
    {
    }

    public PackagesUnreachableException(string message)
        : base(message)
    {
    }

    public PackagesUnreachableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
