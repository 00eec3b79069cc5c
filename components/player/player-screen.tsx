'use client'

export function PlayerScreen({ itemId }: { itemId: number }) {
  return <main className="h-dvh bg-canvas">{itemId}</main>
}
