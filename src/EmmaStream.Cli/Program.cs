using EmmaStream.Cli;

return await CommandLine.RunAsync(args).ConfigureAwait(false);
