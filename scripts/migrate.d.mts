/** Names of the migrations just applied. */
export function migrate(databaseUrl: string): Promise<string[]>
