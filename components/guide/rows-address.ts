export type RowsFilter = Readonly<Record<string, string>>

/** Where the rows of the guide are; the page names it before its code is there. */
export const rowsAddress = (filter: RowsFilter): string => `/api/guide/channels?${new URLSearchParams(filter)}`
