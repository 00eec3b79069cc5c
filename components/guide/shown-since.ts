interface Shown {
  data: unknown
  dataUpdatedAt: number
  isPlaceholderData: boolean
}

/** Of when the list is that is shown (ms). Null without one, and while the one of another filter stands in for it. */
export const shownSince = ({ data, dataUpdatedAt, isPlaceholderData }: Shown): number | null =>
  data === undefined || isPlaceholderData ? null : dataUpdatedAt
