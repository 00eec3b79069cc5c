import { type APIRequestContext, expect, request, test } from '@playwright/test'
import { type Mailbox, startMailServer } from '../fakes/mail'
import { type OidcProvider, startOidc } from '../fakes/oidc'
import { address, admin, apiFor, errorCode, mailPort, oidcPort, type Person, signIn } from './world'

let mailbox: Mailbox
let oidc: OidcProvider
let adminApi: APIRequestContext
let count = 0

const newPerson = (): Person => ({
  name: 'Carla Tester',
  email: `carla${++count}.${Date.now()}@example.com`,
  password: 'first password 1',
})
const fresh = () => request.newContext({ baseURL: address })
const signUpMode = async (mode: string) =>
  expect((await adminApi.put('/api/settings', { data: { signUpMode: mode } })).status()).toBe(204)

async function invite(): Promise<string> {
  const { link } = await (await adminApi.post('/api/invites', { data: { note: 'test' } })).json()
  return String(link).split('#')[1] ?? ''
}

test.beforeAll(async () => {
  mailbox = await startMailServer(mailPort)
  oidc = await startOidc('watchtheflix', oidcPort)
  adminApi = await apiFor(admin)
})

test.afterAll(async () => {
  await signUpMode('closed')
  await mailbox.close()
  await oidc.close()
  await adminApi.dispose()
})

test('sign-up is closed until an admin opens it', async () => {
  const api = await fresh()
  const person = newPerson()
  const refused = await api.post('/api/accounts', { data: person })
  expect([refused.status(), await errorCode(refused)]).toEqual([403, 'SIGN_UP_CLOSED'])
  await signUpMode('open')
  expect((await api.post('/api/accounts', { data: person })).status()).toBe(201)
  const again = await api.post('/api/accounts', { data: person })
  expect([again.status(), await errorCode(again)]).toEqual([409, 'EMAIL_TAKEN'])
  await signUpMode('closed')
})

test('a password that is sent before the page is awake does not come into the address', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: address })
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.getByLabel('Email').fill(admin.email)
  await page.getByLabel('Password', { exact: true }).fill('a secret of somebody')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForLoadState()
  expect(page.url()).toBe(`${address}/sign-in`)
  await context.close()
})

test('an invitation works once', async () => {
  const token = await invite()
  const api = await fresh()
  expect((await api.post('/api/accounts', { data: { ...newPerson(), invite: token } })).status()).toBe(201)
  const second = await api.post('/api/accounts', { data: { ...newPerson(), invite: token } })
  expect([second.status(), await errorCode(second)]).toEqual([400, 'INVITE_INVALID'])
})

test('a look-alike address is not a second account', async () => {
  const api = await fresh()
  const person = newPerson()
  expect((await api.post('/api/accounts', { data: { ...person, invite: await invite() } })).status()).toBe(201)
  const wide = { ...person, email: person.email.replace('@', '＠').toUpperCase() }
  const answer = await api.post('/api/accounts', { data: { ...wide, invite: await invite() } })
  expect([answer.status(), await errorCode(answer)]).toEqual([409, 'EMAIL_TAKEN'])
})

test('every account starts with one profile', async () => {
  const api = await apiFor(newPerson())
  const { profile, account } = await (await api.get('/api/me')).json()
  expect(profile.name).toBe('Carla')
  expect(account.role).toBe('viewer')
  expect((await api.patch('/api/profile', { data: { language: 'de' } })).status()).toBe(200)
  expect((await (await api.get('/api/profile')).json()).language).toBe('de')
})

test('a password change signs out the other devices, and the wrong password changes nothing', async () => {
  const person = newPerson()
  const phone = await apiFor(person)
  const desk = await apiFor(person)
  const wrong = await desk.put('/api/password', { data: { current: 'not this one', next: 'second password 2' } })
  expect([wrong.status(), await errorCode(wrong)]).toEqual([400, 'PASSWORD_WRONG'])
  expect((await phone.get('/api/me')).status()).toBe(200)
  expect((await desk.put('/api/password', { data: { current: person.password, next: 'second password 2' } })).status()).toBe(204)
  expect((await phone.get('/api/me')).status()).toBe(401)
  expect((await desk.get('/api/me')).status()).toBe(200)
  expect(await signIn(await fresh(), person)).toBe(false)
  expect(await signIn(await fresh(), { ...person, password: 'second password 2' })).toBe(true)
})

test('sessions are listed and can be ended one by one', async () => {
  const person = newPerson()
  const phone = await apiFor(person)
  const desk = await apiFor(person)
  const sessions: { id: string; current: boolean }[] = await (await desk.get('/api/sessions')).json()
  expect(sessions).toHaveLength(2)
  const other = sessions.find(one => !one.current)
  expect((await desk.delete(`/api/sessions/${other?.id}`)).status()).toBe(204)
  expect((await phone.get('/api/me')).status()).toBe(401)
  expect((await desk.delete(`/api/sessions/${other?.id}`)).status()).toBe(404)
})

test('signing out ends the session: the old cookie opens nothing', async () => {
  const api = await apiFor(newPerson())
  const { cookies } = await api.storageState()
  const old = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const { csrfToken } = await (await api.get('/api/auth/csrf')).json()
  await api.post('/api/auth/signout', { form: { csrfToken, json: 'true' } })
  const stolen = await request.newContext({ baseURL: address, extraHTTPHeaders: { cookie: old } })
  expect((await stolen.get('/api/me')).status()).toBe(401)
})

test('a forgotten password is set anew with the mailed link, once', async () => {
  const person = newPerson()
  const before = await apiFor(person)
  const api = await fresh()
  expect((await api.post('/api/password/forgot', { data: { email: 'nobody.at.all@example.com' } })).status()).toBe(200)
  expect(mailbox.mails).toHaveLength(0)
  expect((await api.post('/api/password/forgot', { data: { email: person.email } })).status()).toBe(200)
  await expect.poll(() => mailbox.mails.length).toBe(1)
  const token = /\/reset#([\w-]+)/.exec(mailbox.mails[0]?.replaceAll('=\n', '') ?? '')?.[1]
  expect((await api.post('/api/password/reset', { data: { token, password: 'third password 3' } })).status()).toBe(204)
  expect((await before.get('/api/me')).status()).toBe(401)
  const again = await api.post('/api/password/reset', { data: { token, password: 'fourth password 4' } })
  expect([again.status(), await errorCode(again)]).toEqual([400, 'RESET_INVALID'])
  expect(await signIn(await fresh(), { ...person, password: 'third password 3' })).toBe(true)
})

test.describe('single sign-on', () => {
  async function visit(): Promise<{ api: APIRequestContext; url: string }> {
    const api = await fresh()
    const { csrfToken } = await (await api.get('/api/auth/csrf')).json()
    const start = await (
      await api.post('/api/auth/signin/oidc', { form: { csrfToken, callbackUrl: address, json: 'true' } })
    ).json()
    const landed = await api.get(start.url)
    return { api, url: landed.url() }
  }

  test('opens an account where sign-up is open, and finds it again', async () => {
    oidc.person = {
      subject: `new-${Date.now()}`,
      email: `olga.${Date.now()}@example.com`,
      emailVerified: true,
      name: 'Olga Outside',
    }
    expect((await visit()).url).toContain('error=SIGN_UP_CLOSED')
    await signUpMode('open')
    const { api } = await visit()
    const me = await (await api.get('/api/me')).json()
    expect(me.account.email).toBe(oidc.person.email)
    expect(me.passwordSet).toBe(false)
    await signUpMode('closed')
    const second = await (await (await visit()).api.get('/api/me')).json()
    expect(second.account.id).toBe(me.account.id)
  })

  test('cannot take over an account that has its own password, whatever the address', async () => {
    oidc.person = { subject: `twin-${Date.now()}`, email: admin.email, emailVerified: true, name: 'Twin' }
    const { api, url } = await visit()
    expect(url).toContain('error=EMAIL_TAKEN')
    expect((await api.get('/api/me')).status()).toBe(401)
  })

  test('cannot take over an account with an address that nobody verified', async () => {
    oidc.person = { subject: `thief-${Date.now()}`, email: admin.email, emailVerified: false, name: 'Thief' }
    const { api, url } = await visit()
    expect(url).toContain('error=SIGN_IN_REFUSED')
    expect((await api.get('/api/me')).status()).toBe(401)
  })
})
