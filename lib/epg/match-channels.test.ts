import { expect, test } from 'vitest'
import { readChannelName, readGuideId } from './channel-name'
import { buildGuideIndex, decideMatch, findCandidates, type KnownChannel, TAKE_SCORE, type WantedChannel } from './match-channels'

/** One guide as public ones are: id, then names. */
const guideChannels: readonly string[][] = [
  ['BBCOneLondon.uk', 'BBC One London', 'BBC One Lon'],
  ['BBCOne.uk', 'BBC One'],
  ['BBCTwo.uk', 'BBC Two HD'],
  ['bbc4.uk', 'BBC Four'],
  ['BBCNews.uk', 'BBC News'],
  ['ITV1.uk', 'ITV1'],
  ['ITV2.uk', 'ITV2'],
  ['ITV2Plus1.uk', 'ITV2 +1'],
  ['Channel4.uk', 'Channel 4'],
  ['Channel4Plus1.uk', 'Channel 4 +1'],
  ['Channel5.uk', 'Channel 5'],
  ['E4.uk', 'E4'],
  ['E4Extra.uk', 'E4 Extra'],
  ['Film4.uk', 'Film4'],
  ['Dave.uk', 'Dave'],
  ['DaveJaVu.uk', 'Dave ja vu'],
  ['SkySportsMainEvent.uk', 'Sky Sports Main Event'],
  ['SkySportsF1.uk', 'Sky Sports F1'],
  ['SkySportsFootball.uk', 'Sky Sports Football'],
  ['SkyCinemaHits.uk', 'Sky Cinema Hits'],
  ['SkyCinemaAction.uk', 'Sky Cinema Action'],
  ['SkyNews.uk', 'Sky News'],
  ['SkyOne.uk', 'Sky One'],
  ['TNTSports1.uk', 'TNT Sports 1'],
  ['TNTSports2.uk', 'TNT Sports 2'],
  ['NationalGeographic.uk', 'National Geographic'],
  ['DiscoveryChannel.uk', 'Discovery Channel'],
  ['DiscoveryChannel.de', 'Discovery Channel'],
  ['CrimeInvestigation.uk', 'Crime & Investigation'],
  ['NickJr.uk', 'Nick Jr.'],
  ['Nickelodeon.uk', 'Nickelodeon'],
  ['ComedyCentral.us', 'Comedy Central'],
  ['ComedyCentral.de', 'Comedy Central'],
  ['ARD.de', 'Das Erste', 'ARD'],
  ['ZDF.de', 'ZDF'],
  ['ZDFneo.de', 'ZDFneo'],
  ['RTL.de', 'RTL'],
  ['RTLZWEI.de', 'RTLZWEI', 'RTL II'],
  ['ProSieben.de', 'ProSieben'],
  ['SAT.1.de', 'SAT.1'],
  ['SAT.1Gold.de', 'SAT.1 Gold'],
  ['3sat.de', '3sat'],
  ['KabelEins.de', 'Kabel eins'],
  ['TF1.fr', 'TF1'],
  ['TF1SeriesFilms.fr', 'TF1 Séries Films'],
  ['France2.fr', 'France 2'],
  ['France3.fr', 'France 3'],
  ['M6.fr', 'M6'],
  ['CanalPlus.fr', 'CANAL+'],
  ['CanalPlusSport.fr', 'CANAL+ Sport'],
  ['LEquipe.fr', "L'Équipe"],
  ['La1.es', 'La 1'],
  ['La2.es', 'La 2'],
  ['Antena3.es', 'Antena 3'],
  ['MovistarLaLiga.es', 'M+ LaLiga TV'],
  ['Rai1.it', 'Rai 1'],
  ['Canale5.it', 'Canale 5'],
  ['TVP1.pl', 'TVP 1'],
  ['PolsatSport.pl', 'Polsat Sport'],
  ['CNN.us', 'CNN'],
  ['CNNInternational.us', 'CNN International'],
  ['ESPN.us', 'ESPN'],
  ['ESPN2.us', 'ESPN2'],
  ['AandE.us', 'A&E'],
  ['HBO.us', 'HBO'],
  ['HBO2.us', 'HBO 2'],
  ['FoxNewsChannel.us', 'Fox News Channel'],
  ['FoxSports1.us', 'FOX Sports 1'],
  ['Eurosport1.eu', 'Eurosport 1'],
  ['TheWeatherChannel.us', 'The Weather Channel'],
  ['I10021.json.schedulesdirect.org', 'AMC'],
  ['Globo.br', 'TV Globo', '702'],
  ['AlJazeera.qa', 'Al Jazeera English'],
  ['MTV.uk', 'MTV'],
  ['MTVHits.uk', 'MTV Hits'],
  ['TV2.dk', 'TV 2'],
  ['TV3.dk', 'TV3'],
]
const known: KnownChannel[] = guideChannels.map(([xmltvId = '', ...names], at) => ({
  channelId: at + 1,
  xmltvId,
  names,
  hasProgrammes: true,
}))
const index = buildGuideIndex(known)
const idOf = (channelId: number | undefined) => known.find(channel => channel.channelId === channelId)?.xmltvId ?? null
const wanted = (name: string, more: Partial<WantedChannel> = {}): WantedChannel => ({
  names: [name],
  guideId: null,
  group: null,
  ...more,
})
const matchOf = (channel: WantedChannel) => {
  const { match } = decideMatch([index], channel)
  return match === null ? null : `${match.how} ${idOf(match.channelId)}`
}

const taken: readonly [name: string, expected: string][] = [
  ['UK: BBC One HD', 'normalised BBCOne.uk'],
  ['UK | BBC ONE FHD', 'normalised BBCOne.uk'],
  ['|UK| BBC 1 ᴴᴰ', 'normalised BBCOne.uk'],
  ['BBC1', 'normalised BBCOne.uk'],
  ['4K | UK | BBC One', 'normalised BBCOne.uk'],
  ['BBC One London (UK)', 'normalised BBCOneLondon.uk'],
  ['UK BBC TWO HD', 'normalised BBCTwo.uk'],
  ['UK - BBC Two 4K', 'normalised BBCTwo.uk'],
  ['BBC Four [UK]', 'normalised bbc4.uk'],
  ['BBC News (1080p) [Geo-blocked]', 'normalised BBCNews.uk'],
  ['ITV 1 HD', 'normalised ITV1.uk'],
  ['UK: ITV 2', 'normalised ITV2.uk'],
  ['UK: ITV2+1', 'normalised ITV2Plus1.uk'],
  ['ITV2 HD +1', 'normalised ITV2Plus1.uk'],
  ['Channel 4+1', 'normalised Channel4Plus1.uk'],
  ['CHANNEL FOUR', 'normalised Channel4.uk'],
  ['UK ★ CHANNEL 5 HEVC', 'normalised Channel5.uk'],
  ['Film 4', 'normalised Film4.uk'],
  ['UK: E4 SD', 'normalised E4.uk'],
  ['Dave Ja Vu', 'normalised DaveJaVu.uk'],
  ['UK: Skysports Main Event', 'normalised SkySportsMainEvent.uk'],
  ['UK: Sky Sport Main Event', 'fuzzy SkySportsMainEvent.uk'],
  ['Sky Sports F1 UHD', 'normalised SkySportsF1.uk'],
  ['Sky Sports Footbal', 'fuzzy SkySportsFootball.uk'],
  ['TNT Sport 2', 'fuzzy TNTSports2.uk'],
  ['Nat Geo HD', 'normalised NationalGeographic.uk'],
  ['UK: National Geographic Channel', 'fuzzy NationalGeographic.uk'],
  ['Crime and Investigation', 'normalised CrimeInvestigation.uk'],
  ['DE: Discovery Channel', 'normalised DiscoveryChannel.de'],
  ['UK: Discovery Channel HD', 'normalised DiscoveryChannel.uk'],
  ['DE | Comedy Central HD', 'normalised ComedyCentral.de'],
  ['Comedy Central US', 'normalised ComedyCentral.us'],
  ['DE: Das Erste HD', 'normalised ARD.de'],
  ['ARD FHD', 'normalised ARD.de'],
  ['ZDF HD RAW', 'normalised ZDF.de'],
  ['ZDF Neo', 'normalised ZDFneo.de'],
  ['RTL II', 'normalised RTLZWEI.de'],
  ['Pro Sieben', 'normalised ProSieben.de'],
  ['SAT1 HD', 'normalised SAT.1.de'],
  ['3 SAT', 'normalised 3sat.de'],
  ['Kabel 1', 'normalised KabelEins.de'],
  ['TF1 HD', 'normalised TF1.fr'],
  ['FR: TF1 Series Films', 'normalised TF1SeriesFilms.fr'],
  ['[FR] FRANCE 2', 'normalised France2.fr'],
  ['FR - Canal Plus', 'normalised CanalPlus.fr'],
  ['Canal+ Sport HD', 'normalised CanalPlusSport.fr'],
  ['L’Equipe', 'normalised LEquipe.fr'],
  ['ES: LA 1 HD', 'normalised La1.es'],
  ['ANTENA 3 FHD', 'normalised Antena3.es'],
  ['RAI 1 HD', 'normalised Rai1.it'],
  ['PL: Polsat Sport', 'normalised PolsatSport.pl'],
  ['US: CNN HD', 'normalised CNN.us'],
  ['CNN US HD', 'normalised CNN.us'],
  ['ESPN 2', 'normalised ESPN2.us'],
  ['A & E', 'normalised AandE.us'],
  ['US: Fox News', 'fuzzy FoxNewsChannel.us'],
  ['Weather Channel', 'normalised TheWeatherChannel.us'],
  ['US| AMC', 'normalised I10021.json.schedulesdirect.org'],
  ['TV Globo HD', 'normalised Globo.br'],
  ['EuroSport 1', 'normalised Eurosport1.eu'],
  ['Al Jazera English', 'fuzzy AlJazeera.qa'],
]

test.each(taken)('%s is taken without asking', (name, expected) => {
  expect(matchOf(wanted(name))).toBe(expected)
})

const left = [
  'BBC One +1',
  'Dave +1',
  'E4 +1',
  'UK: Film4+1 HD',
  'Sky Sports 1',
  'Sky Sports',
  'Sky Cinema',
  'Sky Sports Cricket',
  'UK: BBC One Scotland',
  'ITV',
  'ITV 3',
  'TNT Sports 3',
  'HBO 3',
  'DE: Sky One',
  'FR: MTV',
  'Discovery Channel',
  'Comedy Central',
  'Discovery Science',
  'France 4',
  'La 3',
  'SAT.1 Emotions',
  'RTL Nitro',
  'TV 4',
  'CNN Türk',
  'MTV Live',
  'Fox Sports 2',
  'Canal+ 1',
  'PT: ESPN 2',
  'Nonsense',
  '702',
  '★★★',
  '',
]

test.each(left)('%s is not taken', name => {
  expect(matchOf(wanted(name))).toBeNull()
})

test('what is uncertain is proposed, the likeliest first', () => {
  const proposed = (name: string) => decideMatch([index], wanted(name)).candidates.map(({ channelId }) => idOf(channelId))
  expect(proposed('Discovery Channel')).toEqual(['DiscoveryChannel.uk', 'DiscoveryChannel.de'])
  expect(proposed('ITV')[0]).toBe('ITV1.uk')
  expect(proposed('DE: Sky One')).toContain('SkyOne.uk')
  expect(proposed('UK: BBC One Scotland')[0]).toBe('BBCOne.uk')
  expect(proposed('BBC One +1')).toEqual([])
  expect(proposed('Sky Sports 1')).not.toContain('TNTSports2.uk')
})

test('ids go before names: equal, then without case, signs and country', () => {
  const byId = (guideId: string, name = 'Something else') => matchOf(wanted(name, { guideId }))
  expect(byId('BBCOne.uk')).toBe('exact BBCOne.uk')
  expect(byId('bbcone.uk')).toBe('folded BBCOne.uk')
  expect(byId('bbc-one')).toBe('folded BBCOne.uk')
  expect(byId('channel4+1.uk')).toBe('folded Channel4Plus1.uk')
  expect(byId('tf1')).toBe('folded TF1.fr')
  expect(byId('BBCOne.us')).toBeNull()
  expect(byId('TF1HD.fr')).toBe('normalised TF1.fr')
  expect(byId('ITV1.uk@SD')).toBe('folded ITV1.uk')
  expect(byId('BBCOne.uk', 'ZDF')).toBe('exact BBCOne.uk')
})

test('the country may stand in the category or the id only', () => {
  expect(matchOf(wanted('Discovery Channel', { group: 'DE | Doku' }))).toBe('normalised DiscoveryChannel.de')
  expect(matchOf(wanted('Discovery Channel', { group: 'UK: Documentary' }))).toBe('normalised DiscoveryChannel.uk')
  expect(matchOf(wanted('Comedy Central', { guideId: 'comedy.us' }))).toBe('normalised ComedyCentral.us')
})

test('another country lowers the score', () => {
  const [same] = findCandidates(index, wanted('UK: Sky One'))
  const [other] = findCandidates(index, wanted('DE: Sky One'))
  expect(same?.score).toBeGreaterThan(TAKE_SCORE)
  expect(other?.score).toBeLessThan(0.7)
})

test('of several guides the first that knows the channel and has something to tell gives it', () => {
  const guide = (channelId: number, xmltvId: string, hasProgrammes: boolean) =>
    buildGuideIndex([{ channelId, xmltvId, names: ['Arte'], hasProgrammes }])
  const arte = wanted('Arte')
  const first = (...guides: ReturnType<typeof guide>[]) => decideMatch(guides, arte).match?.channelId ?? null
  expect(first(guide(1, 'a', true), guide(2, 'b', true))).toBe(1)
  expect(first(guide(1, 'a', false), guide(2, 'b', true))).toBe(2)
  expect(first(guide(1, 'a', false), guide(2, 'b', false))).toBe(1)
  expect(first(buildGuideIndex([]), guide(2, 'b', false))).toBe(2)
  expect(first()).toBeNull()
})

test('names are read into what tells channels apart', () => {
  expect(readChannelName('UK: BBC One +1 FHD')).toEqual({
    tokens: ['bbc', '1'],
    key: 'bbc1',
    country: 'uk',
    late: 1,
    quality: 'hd',
  })
  expect(readChannelName('HD')).toMatchObject({ key: 'hd', quality: 'hd' })
  expect(readChannelName('CANAL+')).toMatchObject({ key: 'canalplus', late: 0 })
  expect(readGuideId('SkySportsF1HD.uk')).toMatchObject({ country: 'uk', name: { key: 'skysportsf1', quality: 'hd' } })
  expect(readGuideId('12345').name).toBeNull()
})

test('twenty thousand channels find their way through as many of a guide', () => {
  const places = ['North', 'South', 'Harbour', 'Valley', 'Garden', 'Castle', 'Bridge', 'Forest', 'River', 'Summit']
  const themes = ['News', 'Sports', 'Movies', 'Kids', 'Music', 'Nature', 'History', 'Comedy', 'Drama', 'Science']
  const nameOf = (n: number) => `${places[n % 10]} ${themes[Math.floor(n / 10) % 10]} Q${Math.floor(n / 100)}x`
  const big = buildGuideIndex(
    Array.from({ length: 20_000 }, (_, n) => ({ channelId: n, xmltvId: `c${n}`, names: [nameOf(n)], hasProgrammes: true })),
  )
  let right = 0
  for (let n = 0; n < 20_000; n++) {
    // Every fourth with a typo, every fifth of nobody.
    const name = n % 5 === 0 ? `Nobody ${n} Here` : n % 4 === 0 ? nameOf(n).replace('o', 'oo') : `UK: ${nameOf(n)} HD`
    const found = decideMatch([big], wanted(name)).match?.channelId ?? null
    if (found === (n % 5 === 0 ? null : n)) right++
  }
  expect(right).toBeGreaterThan(19_000)
}, 60_000)
