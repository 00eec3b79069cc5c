import { newDataDir, removeDataDir, startProvider, startServer } from './server'
import { address, mailPort, oidcPort, providerPort, pushPort } from './world'

/** Starts the scripted provider and the built server on an empty database; returns what ends them. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const dataDir = newDataDir()
  const provider = await startProvider(providerPort)
  const env = {
    LOOPBACK_UPSTREAMS: `127.0.0.1:${providerPort},127.0.0.1:${pushPort}`,
    SMTP_URL: `smtp://127.0.0.1:${mailPort}`,
    OIDC_ISSUER: `http://127.0.0.1:${oidcPort}`,
    OIDC_CLIENT_ID: 'watchtheflix',
    OIDC_CLIENT_SECRET: 'shared with the fake',
    LOG_LEVEL: 'warn',
  }
  const app = await startServer({ port: Number(new URL(address).port), dataDir, env })
  return async () => {
    await app.end('SIGTERM')
    await provider.end('SIGTERM')
    if (app.output().includes('"level":50')) process.stdout.write(`\nThe server logged errors:\n${app.output()}\n`)
    removeDataDir(dataDir)
  }
}
