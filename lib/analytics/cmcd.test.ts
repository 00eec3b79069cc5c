import { describe, expect, test } from 'vitest'
import { parseClientData } from './cmcd'

const sid = '6e2fb550-c457-11e9-bb97-0800200c9a66'
const decode = (argument: string) => decodeURIComponent(argument)

describe('the examples of CTA-5004', () => {
  test.each([
    ['sid%3D%226e2fb550-c457-11e9-bb97-0800200c9a66%22', { sid }],
    [
      'br%3D3200%2Cbs%2Cd%3D4004%2Cmtp%3D25400%2Cot%3Dv%2Crtp%3D15000%2Csid%3D%226e2fb550-c457-11e9-bb97-0800200c9a66%22%2Ctb%3D6000',
      { br: 3200, bs: true, d: 4004, mtp: 25_400, ot: 'v', rtp: 15_000, sid, tb: 6000 },
    ],
    ['bs%2Crtp%3D15000%2Csid%3D%226e2fb550-c457-11e9-bb97-0800200c9a66%22', { bs: true, rtp: 15_000, sid }],
    ['bs%2Csu', { bs: true, su: true }],
    ['d%3D4004%2Ccom.example-myNumericKey%3D500%2Ccom.example-myStringKey%3D%22myStringValue%22', { d: 4004 }],
    ['nor%3D%22..%252F300kbps%252Fsegment35.m4v%22%2Csid%3D%226e2fb550-c457-11e9-bb97-0800200c9a66%22', { sid }],
    [
      'bl%3D21300%2Cbr%3D3200%2Cbs%2Ccid%3D%22faec5fc2-ac30-11ea-bb37-0242ac130002%22%2Cd%3D4004%2Cdl%3D18500%2Cmtp%3D48100%2Cnor%3D%22..%252F300kbps%252Ftrack.m4v%22%2Cnrr%3D%2212323-48763%22%2Cot%3Dv%2Cpr%3D1.08%2Crtp%3D12000%2Csf%3Dd%2Csid%3D%226e2fb550-c457-11e9-bb97-0800200c9a66%22%2Cst%3Dv%2Csu%2Ctb%3D6000',
      {
        bl: 21_300,
        br: 3200,
        bs: true,
        cid: 'faec5fc2-ac30-11ea-bb37-0242ac130002',
        d: 4004,
        dl: 18_500,
        mtp: 48_100,
        ot: 'v',
        pr: 1.08,
        rtp: 12_000,
        sf: 'd',
        sid,
        st: 'v',
        su: true,
        tb: 6000,
      },
    ],
  ])('%s', (argument, said) => {
    expect(parseClientData(decode(argument))).toEqual(said)
  })

  test('as headers', () => {
    const headers = ['mtp=25400', 'br=3200,d=4004,ot=v,tb=6000', 'bs,rtp=15000', `sid="${sid}"`]
    const said = { br: 3200, bs: true, d: 4004, mtp: 25_400, ot: 'v', rtp: 15_000, sid, tb: 6000 }
    expect(parseClientData(headers.join(','))).toEqual(said)
    expect(parseClientData(headers.join(' , '))).toEqual(said)
  })
})

describe('what is malformed is left out', () => {
  test.each([
    ['br=fast,d=4000', { d: 4000 }],
    ['br=-5,d=1e9,bl=0x10,mtp=,tb=Infinity,pr=1.,su', { su: true }],
    ['br=1000001,d=600001,pr=101,bl=86400000', { bl: 86_400_000 }],
    ['ot=x,sf=hls,st=,d=1', { d: 1 }],
    ['bs=0,su=false,bs=?0,br', null],
    ['sid=bare,cid="open', null],
    ['sid="a\u0000b",cid="ä"', null],
    ['sid="a,br=9,\\"b\\"",d=2', { sid: 'a,br=9,"b"', d: 2 }],
    ['__proto__=1,constructor=2,toString,hasOwnProperty="x"', null],
    [',,=,==,"",",', null],
    ['br=(3200;v 128;a)', null],
    ['', null],
    ['undefined', null],
  ])('%s', (text, said) => {
    expect(parseClientData(text)).toEqual(said)
  })

  test('so is what is too long, as a whole, and nothing takes long', () => {
    expect(parseClientData(`d=4004,cid="${'x'.repeat(1_000)}"`)).toBeNull()
    expect(parseClientData(`cid="${'x'.repeat(65)}",d=1`)).toEqual({ d: 1 })
    const began = performance.now()
    for (const part of ['"', '\\', '"\\', ',', '="', 'a"', '\u0000', '😀'])
      for (let n = 0; n < 100; n++) parseClientData(part.repeat(1_000 / part.length))
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
