import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node'

const file = fileURLToPath(new URL('./output/what-failed.txt', import.meta.url))
const LINES = 20

/** Where in our files it was, and what differed. */
const tell = ({ message, stack = '', diff }: SerializedError) => {
  const places = stack.split('\n').filter(line => /^\s+at /.test(line) && !/node_modules|node:|new Promise/.test(line))
  return [
    message,
    ...String(diff ?? '')
      .split('\n')
      .slice(0, LINES),
    ...places.slice(0, LINES),
  ]
}

const say = (title: string, errors: readonly SerializedError[]) =>
  stripVTControlCharacters([title, ...errors.flatMap(tell)].join('\n'))

/** Keeps what failed, or passed only when it was tried again, so that `npm test` can say it once more at its end. */
export default class WhatFailed implements Reporter {
  readonly #found: string[] = []

  onTestCaseResult(test: TestCase) {
    const { state, errors = [] } = test.result()
    const isFlaky = test.diagnostic()?.flaky === true
    if (state !== 'failed' && !isFlaky) return
    this.#found.push(
      say(`${isFlaky ? 'only at the second try' : 'failed'}: ${test.module.relativeModuleId} > ${test.fullName}`, errors),
    )
  }

  onTestModuleEnd(module: TestModule) {
    const errors = [...module.errors(), ...[...module.children.allSuites()].flatMap(suite => suite.errors())]
    if (errors.length > 0) this.#found.push(say(`failed: ${module.relativeModuleId}`, errors))
  }

  onTestRunEnd(_modules: readonly TestModule[], unhandled: readonly SerializedError[]) {
    if (unhandled.length > 0) this.#found.push(say('failed outside of a test', unhandled))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, this.#found.join('\n\n'))
  }
}
