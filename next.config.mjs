/** @type {import('next').NextConfig} */
export default {
  // A second build beside a running one (tests, screenshots) needs a folder of its own.
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  // The optimiser fetches and decodes what strangers name (reliability.md B30); pictures go through our own route.
  images: { unoptimized: true },
  // `npm test` runs the compiler on its own; building must not wait for it twice.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    'pg',
    'pg-boss',
    'pg-copy-streams',
    'pino',
    '@node-rs/argon2',
    'rate-limiter-flexible',
    'nodemailer',
    'sharp',
    'web-push',
    'ws',
  ],
  // Writes through the wire surface must not be redirected to another spelling.
  skipTrailingSlashRedirect: true,
  // The bare form of a live address comes after every page of ours; `live/` in front means the same.
  rewrites: async () => ({
    fallback: [
      { source: '/:user/:password/:stream(\\d{1,10}(?:\\.[a-zA-Z0-9]{1,5})?)', destination: '/live/:user/:password/:stream' },
    ],
  }),
  devIndicators: false,
  // Addresses of other apps carry their passwords.
  logging: { incomingRequests: false },
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
}
