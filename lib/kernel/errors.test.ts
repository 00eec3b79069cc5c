import { expect, test, vi } from 'vitest'
import { AppError, toAppError } from './errors'

test('an error made by another copy of this module keeps its code', async () => {
  vi.resetModules()
  const other = await import('./errors')
  expect(other.AppError).not.toBe(AppError)
  const error = new other.AppError('UPSTREAM_NOT_MEDIA')
  expect(error).toBeInstanceOf(AppError)
  expect(toAppError(error)).toBe(error)
  expect(toAppError(new Error('no')).code).toBe('UNEXPECTED')
})
