/** How the worker's process runs: an import fills what it is given, and viewers live on the same machine. Megabytes. */
export const workerFlags = ['--max-old-space-size=256', '--max-semi-space-size=8']
