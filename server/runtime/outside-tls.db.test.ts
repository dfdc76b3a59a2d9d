import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openHost } from '../kernel/host.ts'
import type {} from './testing/global-setup.ts'
import { createTestDatabase, type TestDatabase, waitFor } from './testing/index.ts'
import { untilMigrated } from './until-migrated.ts'

/** A server whose certificate an authority of one's own signed, as docs/running.md asks for. */
let folder: string
let database: TestDatabase
const file = (name: string) => path.join(folder, name)
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

async function asSuperuser(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: inject('testServer').superuserUrl })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

const settings = ['ssl_cert_file', 'ssl_key_file', 'ssl']

beforeAll(async () => {
  database = await createTestDatabase()
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-tls-'))
  for (const name of ['ours', 'other'])
    openssl('req', '-x509', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.crt`)
  writeFileSync(file('names'), 'subjectAltName=DNS:localhost')
  openssl('req', ...key, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr')
  const authority = ['-CA', 'ours.crt', '-CAkey', 'ours.key', '-CAcreateserial']
  openssl('x509', '-req', '-in', 'server.csr', ...authority, '-extfile', 'names', '-out', 'server.crt')
  const values = [`'${file('server.crt')}'`, `'${file('server.key')}'`, 'on']
  await asSuperuser(
    ...settings.map((name, i) => `ALTER SYSTEM SET ${name} = ${values[i]}`),
    'SELECT pg_reload_conf()',
  )
  await waitFor('a server that offers TLS', () =>
    untilMigrated(addressFor(), () => undefined, once).then(
      () => true,
      () => false,
    ),
  )
})
afterAll(async () => {
  await asSuperuser(...settings.map((name) => `ALTER SYSTEM RESET ${name}`), 'SELECT pg_reload_conf()')
  await database.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const once = { everyMs: 1, atMostMs: 0 }

function addressFor({ host = 'localhost', authority = file('ours.crt'), query = '' } = {}): string {
  const address = new URL(database.appUrl)
  address.hostname = host
  address.search = query || `?sslmode=verify-full&sslrootcert=${authority}`
  return address.href
}

test('who names the authority of the server’s certificate is connected, and by TLS', async () => {
  const client = new Client({ connectionString: addressFor() })
  await client.connect()
  const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
  await client.end()
  expect(rows).toEqual([{ ssl: true }])
})

test.each([
  [
    'another authority',
    () => ({ authority: file('other.crt') }),
    /was not signed by the authority in .*other\.crt, which sslrootcert names/,
  ],
  [
    'no authority',
    () => ({ query: '?sslmode=verify-full' }),
    /Name the file of its authority: sslmode=verify-full&sslrootcert=/,
  ],
  ['“require” alone', () => ({ query: '?sslmode=require' }), /Name the file of its authority/],
  ['a file that is not there', () => ({ authority: file('none.crt') }), /There is no file .*none\.crt/],
  [
    'another name than its certificate’s',
    () => ({ host: '127.0.0.1' }),
    /certificate is for another name than 127\.0\.0\.1/,
  ],
])('with %s there is no connection, and what is wrong is said', async (_, wrong, message) => {
  const url = addressFor(wrong())
  await expect(untilMigrated(url, () => undefined, once)).rejects.toThrow(message)
  const source = {
    ...{ DATABASE_URL: url, NEXTAUTH_SECRET: 'x'.repeat(32) },
    ...{ INFRASAGE_ENCRYPTION_KEY: 'ab'.repeat(32), INFRASAGE_AUDIT_KEY_FILE: file('ours.key') },
  }
  await expect(openHost('test', { supervise: false, source })).rejects.toThrow(message)
})
