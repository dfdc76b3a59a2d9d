import type { NextConfig } from 'next'

/** The Content Security Policy of pages comes from proxy.ts, because it carries a nonce of the request. */
const headers = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
]

/** What is no page loads nothing and stands in no frame, should a browser show it. */
const noPage = {
  key: 'Content-Security-Policy',
  value: "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
}

/** And what the API answers is kept by nobody. */
const forData = [noPage, { key: 'Cache-Control', value: 'no-store' }]

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  // `npm run types` checks them, tests included; a start should not wait for that.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    '@cedar-policy/cedar-wasm',
    '@kubernetes/client-node',
    'highs',
    'pg',
    'pg-boss',
    'pino',
    'prom-client',
    'snappy',
    'undici',
  ],
  headers: async () => [
    { source: '/:path*', headers },
    { source: '/api/:path*', headers: forData },
    { source: '/metrics', headers: forData },
    { source: '/_next/:path*', headers: [noPage] },
    { source: '/icon.svg', headers: [noPage] },
  ],
}

export default config
