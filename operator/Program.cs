using CacheOperator.Operator.Hosting;

return await OperatorCommand.RunAsync(args);
