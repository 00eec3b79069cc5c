import { Bird, Cat, Dog, Fish, Ghost, type LucideIcon, Moon, Rocket, Squirrel, Sun, Turtle, User } from 'lucide-react'

/** The pictures a profile can wear; the stored value is the word. */
const pictures: Readonly<Record<string, { name: string; hue: number; Icon: LucideIcon }>> = {
  moon: { name: 'Moon', hue: 265, Icon: Moon },
  sun: { name: 'Sun', hue: 65, Icon: Sun },
  rocket: { name: 'Rocket', hue: 25, Icon: Rocket },
  cat: { name: 'Cat', hue: 300, Icon: Cat },
  dog: { name: 'Dog', hue: 45, Icon: Dog },
  bird: { name: 'Bird', hue: 215, Icon: Bird },
  fish: { name: 'Fish', hue: 190, Icon: Fish },
  turtle: { name: 'Turtle', hue: 150, Icon: Turtle },
  squirrel: { name: 'Squirrel', hue: 35, Icon: Squirrel },
  ghost: { name: 'Ghost', hue: 335, Icon: Ghost },
}

export const pictureNames: readonly string[] = Object.keys(pictures)

export function pictureOf(word: string): { name: string; hue: number; Icon: LucideIcon } {
  return pictures[word] ?? { name: 'Person', hue: 170, Icon: User }
}
