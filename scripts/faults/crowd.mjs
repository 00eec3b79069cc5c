// Viewers in a process of their own, which can be somewhere else on the network. Takes JSON, says when all of them see something.
import { startViewer, waitFor } from './viewer.mjs'

const { host, port, path, count } = JSON.parse(process.argv[2])
const viewers = Array.from({ length: count }, () => startViewer(path, { host, port }))
await waitFor(() => viewers.every(({ firstByteAt }) => firstByteAt !== null))
process.stdout.write('on\n')
