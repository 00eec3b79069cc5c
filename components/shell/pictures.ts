interface Picture {
  name: string
  hue: number
}

/** The pictures a profile can wear. The word is what is stored, and the name of the drawing in public/pictures.svg. */
const pictures: Readonly<Record<string, Picture>> = {
  moon: { name: 'Moon', hue: 265 },
  sun: { name: 'Sun', hue: 65 },
  rocket: { name: 'Rocket', hue: 25 },
  cat: { name: 'Cat', hue: 300 },
  dog: { name: 'Dog', hue: 45 },
  bird: { name: 'Bird', hue: 215 },
  fish: { name: 'Fish', hue: 190 },
  turtle: { name: 'Turtle', hue: 150 },
  squirrel: { name: 'Squirrel', hue: 35 },
  ghost: { name: 'Ghost', hue: 335 },
}

export const pictureNames: readonly string[] = Object.keys(pictures)

export function pictureOf(word: string): Picture & { drawing: string } {
  const picture = pictures[word]
  return picture ? { ...picture, drawing: word } : { name: 'Person', hue: 170, drawing: 'person' }
}
