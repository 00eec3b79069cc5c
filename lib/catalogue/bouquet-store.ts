import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { databaseErrorCode, db } from '@/lib/platform/db'
import type { BouquetInput, BouquetView } from './schema'

/** The categories of these bouquets, each once. */
export async function listBouquetCategories(bouquetIds: readonly number[]): Promise<number[]> {
  const rows = await db().bouquetCategory.findMany({
    where: { bouquetId: { in: [...bouquetIds] } },
    select: { categoryId: true },
    distinct: ['categoryId'],
  })
  return rows.map(({ categoryId }) => categoryId)
}

const fields = {
  id: true,
  name: true,
  categories: { select: { categoryId: true } },
  _count: { select: { lines: true } },
} as const

interface Row {
  id: number
  name: string
  categories: { categoryId: number }[]
  _count: { lines: number }
}

const toView = ({ id, name, categories, _count }: Row): BouquetView => ({
  id,
  name,
  categoryIds: categories.map(({ categoryId }) => categoryId),
  lines: _count.lines,
})

export async function listBouquetViews(): Promise<BouquetView[]> {
  return (await db().bouquet.findMany({ orderBy: { name: 'asc' }, select: fields, take: 500 })).map(toView)
}

/** Categories of the platform only: an account's own content is in nobody's package. @throws NOT_FOUND */
export async function requirePlatformCategories(ids: readonly number[]): Promise<void> {
  const count = await db().category.count({ where: { id: { in: [...ids] }, provider: { ownerId: null } } })
  if (count !== new Set(ids).size) throw new AppError('NOT_FOUND', { field: 'categoryIds' })
}

export async function insertBouquet({ name, categoryIds }: BouquetInput): Promise<BouquetView> {
  const categories = { create: categoryIds.map(categoryId => ({ categoryId })) }
  return toView(await translated(db().bouquet.create({ data: { name, categories }, select: fields })))
}

export async function replaceBouquet(id: number, { name, categoryIds }: BouquetInput): Promise<BouquetView> {
  const categories = { deleteMany: {}, create: categoryIds.map(categoryId => ({ categoryId })) }
  return toView(await translated(db().bouquet.update({ where: { id }, data: { name, categories }, select: fields })))
}

export async function removeBouquet(id: number): Promise<void> {
  // A line whose last bouquet went away would see everything.
  const { count } = await db().bouquet.deleteMany({ where: { id, lines: { none: {} } } })
  if (count > 0) return
  if ((await db().bouquet.count({ where: { id } })) === 0) throw new AppError('NOT_FOUND')
  throw new AppError('CONFLICT', { say: 'Devices use this bouquet. Give them another one first.' })
}

async function translated<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    const code = databaseErrorCode(cause)
    if (code === 'P2002')
      throw new AppError('CONFLICT', { field: 'name', say: 'There is already a bouquet with this name.', cause })
    if (code === 'P2025') throw new AppError('NOT_FOUND', { cause })
    throw cause
  }
}
