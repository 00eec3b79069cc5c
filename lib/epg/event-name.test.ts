import { expect, test } from 'vitest'
import { parseEventName } from './event-name'

/** A Sunday, 16:30 in London and 11:30 in New York. */
const NOW = Date.UTC(2026, 10, 22, 16, 30)

/** "2026-11-23T01:00 Title": the start in UTC. */
function read(name: string, clockMinutes = 0): string | null {
  const found = parseEventName(name, NOW, clockMinutes)
  return found && `${found.start.toISOString().slice(0, 16)} ${found.title}`
}

test.each<[name: string, read: string]>([
  ['PPV 1: Team A vs Team B | 22 Nov 20:00 ET', '2026-11-23T01:00 Team A vs Team B'],
  ['UFC 300 @ 22:00 (2026-11-22)', '2026-11-22T22:00 UFC 300'],
  ['LIVE EVENT 04 - Liverpool v Arsenal 15:00 UK', '2026-11-22T15:00 Liverpool v Arsenal'],
  ['ESPN+ 045 : Lakers vs Celtics @ Nov 22 7:30 PM ET', '2026-11-23T00:30 Lakers vs Celtics'],
  ['FLO SPORTS 12 | 11/22 7:30PM EST: Ohio State vs Michigan', '2026-11-23T00:30 Ohio State vs Michigan'],
  ['DAZN PPV 02 : Canelo v Crawford (Sat 28 Nov 20:00 GMT)', '2026-11-28T20:00 Canelo v Crawford'],
  ['[22/11/2026 20:45 CET] Real Madrid - Barcelona', '2026-11-22T19:45 Real Madrid - Barcelona'],
  ['NBA 03: Suns @ Nets (start:2026-11-22 19:30:00)', '2026-11-22T19:30 Suns @ Nets'],
  ['US (Peacock 012) | Chelsea vs Leeds (2026-11-22 15:00:00)', '2026-11-22T15:00 Chelsea vs Leeds'],
  ['MLB 05 : Yankees x Red Sox start:2026-11-22 19:05:00 stop:2026-11-22 22:35:00', '2026-11-22T19:05 Yankees x Red Sox'],
  ['Paramount+ 05 : Inter vs. Milan - Sun 22nd Nov 7pm UK', '2026-11-22T19:00 Inter vs. Milan'],
  ['UFC 300: Pereira vs Hill | Nov 22 | 10 PM ET', '2026-11-23T03:00 UFC 300: Pereira vs Hill'],
  ['PPV 07: UFC Fight Night: Lopes vs Silva 23:00', '2026-11-22T23:00 UFC Fight Night: Lopes vs Silva'],
  ['PPV EVENT 01: Fury v Usyk 3 @ 21:00 UTC 19 Dec', '2026-12-19T21:00 Fury v Usyk 3'],
  ['UK: Sky Sports+ 12 | Wigan v Bolton 24/11/2026 19:45', '2026-11-24T19:45 Wigan v Bolton'],
  ['|UK| TNT Sports Event 3: Milan v Napoli 20:00 CET', '2026-11-22T19:00 Milan v Napoli'],
  ['EVENT: Tokyo Marathon tomorrow 01:30', '2026-11-23T01:30 Tokyo Marathon'],
  ['PPV 3: WWE Survivor Series tonight 8pm ET', '2026-11-23T01:00 WWE Survivor Series'],
  ['NHL 11: Rangers at Bruins 7:00 pm', '2026-11-22T19:00 Rangers at Bruins'],
  ['NHL 11: Rangers at Bruins 7:00 p.m. EST', '2026-11-23T00:00 Rangers at Bruins'],
  ['Bundesliga 2: Bayern - Dortmund 22.11. 18:30 CET', '2026-11-22T17:30 Bayern - Dortmund'],
  ['Bundesliga 2: Bayern - Dortmund 22.11.2026 18:30', '2026-11-22T18:30 Bayern - Dortmund'],
  ['LIGUE 1 04 | PSG - OM 20h45 CET', '2026-11-22T19:45 PSG - OM'],
  ['Serie A 09: Roma - Lazio 20.45 CET', '2026-11-22T19:45 Roma - Lazio'],
  ['F1: Las Vegas Grand Prix | 22 November 2026 06:00 UTC', '2026-11-22T06:00 F1: Las Vegas Grand Prix'],
  ['EFL 22 : Leeds United v Hull City - Tue 19:45', '2026-11-24T19:45 Leeds United v Hull City'],
  ['NFL Game Pass 5: Chiefs @ Bills Sunday 4:25 PM ET', '2026-11-22T21:25 Chiefs @ Bills'],
  ['MLS 08: LAFC vs Galaxy 7:30 PM PT', '2026-11-23T03:30 LAFC vs Galaxy'],
  ['College 14 | Texas at Baylor | 11:00 AM CT', '2026-11-22T17:00 Texas at Baylor'],
  ['Boxing PPV: Joshua vs Dubois 22:00 BST', '2026-11-22T22:00 Boxing PPV: Joshua vs Dubois'],
  ['2026-11-22 20:00 | Cricket: India v Australia', '2026-11-22T20:00 Cricket: India v Australia'],
  ['20:00 ET - Knicks vs Heat', '2026-11-23T01:00 Knicks vs Heat'],
  ['PPV 12 - Concert: Coldplay (Dec 31 11:00 PM ET)', '2027-01-01T04:00 Concert: Coldplay'],
  ['PPV 13: New Year Gala 1 Jan 00:15 UK', '2027-01-01T00:15 New Year Gala'],
  ['PPV 14: Early Bird 02:00', '2026-11-23T02:00 Early Bird'],
  ['PPV 15: It began already 14:00', '2026-11-22T14:00 It began already'],
  ['PPV 16: Gone by now 12:00', '2026-11-23T12:00 Gone by now'],
  ['TENNIS 02: Sinner v Alcaraz ⏰ 18:00 CET', '2026-11-22T17:00 Sinner v Alcaraz ⏰'],
  ['NBA 09 : Magic vs Bucks // UK Mon 23 Nov 12:30am', '2026-11-23T00:30 Magic vs Bucks'],
  ['PPV 17: Summer show Jul 4 8:00 PM EST', 'null'],
  ['A-League 3: Sydney FC v Perth 19:35 AEDT', '2026-11-23T08:35 Sydney FC v Perth'],
  ['PPV 18: Match 29 Feb 20:00', 'null'],
  ['PPV 19: Match 45/13 20:00', '2026-11-22T20:00 Match 45/13'],
  ['NFL 01: Sunday Night Football 8:20 PM ET', '2026-11-23T01:20 Sunday Night Football'],
  ['PPV 20: Match thursday 3 dec 18.30 CET', '2026-12-03T17:30 Match'],
  ['DAZN 1: Copa (22Nov 20:00Z)', '2026-11-22T20:00 Copa'],
  ['NBA 04: Suns @ Nets 7:30 PM (ET)', '2026-11-23T00:30 Suns @ Nets'],
  ['NBA 05: Suns @ Nets 7:30 PM (ET/PT)', '2026-11-23T00:30 Suns @ Nets'],
  ['PPV 21: Fight night 20:00 (UK Boxing)', '2026-11-22T20:00 Fight night · (UK Boxing)'],
  ['PPV 22: Copa 20:00 UTC+2', '2026-11-22T18:00 Copa'],
  ['PPV 23: Copa 20:00 GMT+1 Nov 24', '2026-11-24T19:00 Copa'],
  ['PPV 24: Copa (20:00 GMT-3)', '2026-11-22T23:00 Copa'],
  ['PPV 25: Ranji Trophy 22:30 UTC+05:30', '2026-11-22T17:00 Ranji Trophy'],
  ['PPV 26: India v Australia 23:00 IST', '2026-11-22T17:30 India v Australia'],
  ['PPV 27: Spartak - Zenit 20:00 MSK', '2026-11-22T17:00 Spartak - Zenit'],
  ['PPV 28: Giants v Tigers 18:00 JST', '2026-11-23T09:00 Giants v Tigers'],
  ['PPV 29: Match 20:00 AST', 'null'],
  ['PPV 30: Match (NST 20:00)', 'null'],
  ['20:00 WEST HAM V LEEDS', '2026-11-22T20:00 WEST HAM V LEEDS'],
  ['Bundesliga 2: Bayern - Dortmund 22.11 20:45', '2026-11-22T20:45 Bayern - Dortmund'],
  ['Bundesliga 2: Bayern - Dortmund 24.11, 20:45 CET', '2026-11-24T19:45 Bayern - Dortmund'],
  ['Tempo 9.58 - the record 20:45', '2026-11-22T20:45 Tempo 9.58 - the record'],
  ['Fury v Usyk 3 | 20:00 ET', '2026-11-23T01:00 Fury v Usyk 3'],
  ['Toy Story 3 | 20:00', '2026-11-22T20:00 Toy Story 3'],
])('%s', (name, expected) => {
  expect(String(read(name))).toBe(expected)
})

test.each([
  'BBC One HD',
  'PPV 3',
  'PPV 3: No event streaming',
  '24/7 The Office',
  'Channel 4 +1',
  'Sky Sports Main Event UHD',
  'RTL 2 16:9',
  'France 24',
  'Kanal 5 HD 50 fps',
  'ESPN 2 (NO EVENT)',
  'PPV 20:00',
  'PPV 3: NO EVENT 20:00',
  'PPV 3: 20:00',
  'NBA 03 | 20:00',
  'LIVE 22 Nov 20:00',
  'Radio 1 AM',
  '5 USA',
  'PPV 4: Old match 2026-11-19 20:00',
  'PPV 4: Old match 1 Nov 20:00 UK',
  'Film 25:61',
  'Version 1.2.3',
  'beIN 4K 60',
  '',
])('%j has no event in it', name => {
  expect(read(name)).toBeNull()
})

test('without a zone the provider’s clock counts', () => {
  expect(read('PPV 1: Late match 21:00', 120)).toBe('2026-11-22T19:00 Late match')
  expect(read('PPV 1: Late match 21:00 UK', 120)).toBe('2026-11-22T21:00 Late match')
})

test('an event lasts three hours, or as long as its name says', () => {
  const hours = (name: string) => {
    const found = parseEventName(name, NOW)
    return found && (found.stop.getTime() - found.start.getTime()) / 3_600_000
  }
  expect(hours('PPV 1: Match 20:00')).toBe(3)
  expect(hours('PPV 1: Match start:2026-11-22 19:05:00 stop:2026-11-22 22:35:00')).toBe(3.5)
  expect(hours('PPV 1: Match start:2026-11-22 23:00:00 stop:2026-11-23 01:00:00')).toBe(2)
})

test('one that is on until its own end is not tomorrow’s', () => {
  const name = 'MLB: Yankees x Red Sox 19:05 stop:22:35'
  const start = (hour: number, minute: number) =>
    parseEventName(name, Date.UTC(2026, 10, 22, hour, minute))
      ?.start.toISOString()
      .slice(0, 16)
  expect(start(22, 10)).toBe('2026-11-22T19:05')
  expect(start(22, 40)).toBe('2026-11-23T19:05')
})

test('summer and winter are the zone’s own', () => {
  const july = Date.UTC(2026, 6, 1, 12)
  expect(parseEventName('PPV 1: Match 20:00 ET', july)?.start.toISOString()).toBe('2026-07-02T00:00:00.000Z')
  expect(parseEventName('PPV 1: Match 20:00 UK', july)?.start.toISOString()).toBe('2026-07-01T19:00:00.000Z')
  const inJuly = (name: string) => {
    const found = parseEventName(name, july)
    return found && `${found.start.toISOString().slice(0, 16)} ${found.title}`
  }
  expect(inJuly('NBA 09 : Magic vs Bucks // UK Mon 6 Jul 12:30am')).toBe('2026-07-05T23:30 Magic vs Bucks')
  expect(inJuly('NBA 09 : Magic vs Bucks 7:30 PM (ET)')).toBe('2026-07-01T23:30 Magic vs Bucks')
  expect(inJuly('PPV 1: Match 20:00 GMT+1')).toBe('2026-07-01T19:00 Match')
  expect(inJuly('PPV 1: Match 20:00 WET')).toBe('2026-07-01T19:00 Match')
})

test('reading a name of a provider’s malice takes no time to speak of', () => {
  for (const filler of ['(', '[', '- ', '1:', 'PPV 1 ', 'a ', '1.2 ', 'UK Mon ']) {
    const name = `20:00 ET ${filler.repeat(300)}`
    expect(() => parseEventName(name, NOW)).not.toThrow()
  }
}, 2_000)
