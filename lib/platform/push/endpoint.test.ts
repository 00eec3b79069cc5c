import { expect, test } from 'vitest'
import { parsePushEndpoint } from './endpoint'

const rules = { loopbackAllowed: ['127.0.0.1:4178'] }

test.each([
  'https://fcm.googleapis.com/fcm/send/abc:APA91',
  'https://updates.push.services.mozilla.com/wpush/v2/gAAA',
  'https://web.push.apple.com/QGu',
  'https://wns2-par02p.notify.windows.com/w/?token=x',
  'https://fcm.googleapis.com:443/fcm/send/abc',
  'http://127.0.0.1:4178/push/ok/1',
])('%s is a push service', endpoint => {
  expect(parsePushEndpoint(endpoint, rules).href).toContain(new URL(endpoint).hostname)
})

test.each([
  'https://127.0.0.2/',
  'http://fcm.googleapis.com/fcm/send/abc',
  'https://fcm.googleapis.com:8443/fcm/send/abc',
  'https://fcm.googleapis.com.evil.example/send',
  'https://evilpush.apple.com.example/',
  'https://push.apple.com/',
  'https://notpush.services.mozilla.com/',
  'https://user:word@fcm.googleapis.com/fcm/send/abc',
  'https://10.0.0.1/x',
  'https://[::1]/x',
  'http://127.0.0.1:4179/push/ok/1',
  'file:///etc/passwd',
  'not an address',
  '',
])('%s is not', endpoint => {
  expect(() => parsePushEndpoint(endpoint, rules)).toThrowError(expect.objectContaining({ code: 'PUSH_ENDPOINT_NOT_ALLOWED' }))
})
