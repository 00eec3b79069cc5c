export const people = [
  'Mara Lindqvist',
  'Tobias Okafor',
  'Ines Carvalho',
  'Jonah Reyes',
  'Hana Sato',
  'Elliot Marsh',
  'Priya Raman',
  'Lucien Faure',
  'Greta Holm',
  'Samir Haddad',
  'Nora Byrne',
  'Mateo Silva',
  'Yuki Tanaka',
  'Clara Weiss',
  'Idris Cole',
  'Anya Petrova',
]

const heroes = [
  'A retired navigator',
  'A young schoolteacher',
  'An overworked surgeon',
  'Two estranged sisters',
  'A night-shift radio host',
  'A disgraced reporter',
  'A stubborn clockmaker',
  'A crew of four strangers',
  'A widowed gardener',
  'A gifted runaway',
]

const turns: Record<string, string[]> = {
  Drama: [
    'returns to a town that has learned to live without them',
    'must decide what is worth keeping before the house is sold',
    'finds a letter that was never meant to arrive',
  ],
  Comedy: [
    'accidentally wins an election nobody wanted',
    'has one weekend to stage a wedding, a funeral and a food festival',
    'is mistaken for somebody far more interesting',
  ],
  Action: [
    'has ninety minutes to cross a city that is switching itself off',
    'takes one last job carrying a case that must not be opened',
    'is hunted across three borders for something they do not have',
  ],
  Thriller: [
    'hears a neighbour confess to a crime that has not happened yet',
    'discovers that every witness tells the same lie',
    'wakes up in a hotel that has no record of them',
  ],
  'Sci-Fi': [
    'answers a signal that was sent by their own ship',
    'wakes a century early with a planet still to reach',
    'repairs a machine that remembers the future',
  ],
  Adventure: [
    'follows a map drawn by someone who never left home',
    'crosses the last blank space on the chart',
    'races the monsoon to a city beneath the sand',
  ],
  Family: [
    'builds a flying machine out of kitchen chairs',
    'discovers that the attic has a tenant with wings',
    'has until Friday to save the oldest tree in town',
  ],
  Documentary: [
    'opens the doors of a craft that is almost gone',
    'spends a year following the water from glacier to sea',
    'meets the people who keep the lights on while we sleep',
  ],
  Romance: [
    'keeps missing the same train as the same stranger',
    'agrees to a date by mistake and stays on purpose',
    'writes love letters for a living and cannot write one',
  ],
  Horror: [
    'moves into a cottage where the fog knocks politely',
    'records a silence that answers back',
    'counts thirteen guests at a table laid for twelve',
  ],
}

const endings = [
  'Nothing about it stays simple for long.',
  'By morning, everyone will have to choose a side.',
  'A warm, sharp-eyed story about second chances.',
  'Beautifully shot, and quietly unforgettable.',
  'The truth turns out to be closer than it looked.',
]

export function plotFor(genre: string, n: number): string {
  const list = turns[genre] ?? turns.Drama ?? ['']
  return `${heroes[n % heroes.length]} ${list[(n >> 1) % list.length]}. ${endings[(n * 7) % endings.length]}`
}
