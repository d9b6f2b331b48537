namespace CacheOperator.Provisioning;

/// <summary>Something outside of this project is lacking or failed; the message is one line that says what and the way out.</summary>
public class ProvisioningException : Exception
{
    public ProvisioningException()
    {
    }

    public ProvisioningException(string message)
        : base(message)
    {
    }

    public ProvisioningException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
