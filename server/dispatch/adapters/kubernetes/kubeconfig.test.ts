import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { readKubeconfig } from './kubeconfig.ts'

function config(cluster: Record<string, unknown>, user: Record<string, unknown>): string {
  return stringify({
    'current-context': 'here',
    clusters: [
      { name: 'c', cluster: { server: 'https://10.0.0.1:6443', ...cluster } },
      { name: 'other', cluster: { server: 'not an address' } },
    ],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
  })
}

test('the current context is read, with everything inline', () => {
  const ca = { 'certificate-authority-data': 'Y2E=', 'tls-server-name': 'api' }
  expect(readKubeconfig(config(ca, { token: 'secret' }))).toEqual({
    server: 'https://10.0.0.1:6443',
    caData: 'Y2E=',
    tlsServerName: 'api',
    user: { token: 'secret' },
  })
})

test.each([
  ['exec', { exec: { command: '/bin/sh', args: ['-c', 'id'] } }],
  ['auth-provider', { 'auth-provider': { name: 'gcp', config: { 'cmd-path': 'sh' } } }],
  ['tokenFile', { tokenFile: '/etc/shadow' }],
  ['client-certificate', { 'client-certificate': '/etc/passwd' }],
  ['client-key', { 'client-key': '/etc/passwd' }],
])('a user with "%s" is refused: nothing is run or read here', (field, user) => {
  expect(() => readKubeconfig(config({}, user))).toThrow(`uses "${field}" in user`)
})

test('a cluster that reads a file, goes through a proxy or would send credentials in the clear is refused', () => {
  const user = { token: 't' }
  expect(() => readKubeconfig(config({ 'certificate-authority': '/etc/passwd' }, user))).toThrow(
    /-data instead/,
  )
  expect(() => readKubeconfig(config({ 'proxy-url': 'http://p' }, user))).toThrow(/proxy-url/)
  expect(() => readKubeconfig(config({ server: 'http://10.0.0.1' }, user))).toThrow(/by https/)
  expect(readKubeconfig(config({ server: 'http://127.0.0.1:8001' }, user)).server).toContain('8001')
})

test('a cluster whose certificate would not be checked is refused, saying what to give instead', () => {
  const unverified = config({ 'insecure-skip-tls-verify': true }, { token: 'secret' })
  expect(() => readKubeconfig(unverified)).toThrow(
    /^(?!.*secret\b).*give its certificate-authority-data instead/,
  )
  const checked = config({ 'insecure-skip-tls-verify': false }, { token: 'secret' })
  expect(readKubeconfig(checked).user.token).toBe('secret')
})

test('what is missing is named, and a secret is never repeated', () => {
  expect(() => readKubeconfig('{')).toThrow(/not valid YAML/)
  expect(() => readKubeconfig('clusters: []')).toThrow(/current-context/)
  expect(() => readKubeconfig(config({}, { token: 'line\nbreak-secret' }))).toThrow(
    /^(?!.*break-secret).*token/,
  )
  const dangling = 'current-context: a\nclusters: []\nusers: []\ncontexts: []'
  expect(() => readKubeconfig(dangling)).toThrow('names the context "a"')
})

test('a text full of keys, of depth or of references to itself is read at once or refused', () => {
  const began = process.cpuUsage()
  const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`)
  expect(() => readKubeconfig(`{${keys.join(',')}}`)).toThrow(/current-context/)
  expect(() => readKubeconfig('['.repeat(10_000))).toThrow(/not valid YAML/)
  expect(() => readKubeconfig('a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]')).toThrow(/not valid YAML/)
  expect(() => readKubeconfig('#'.repeat(200_001))).toThrow(/longer than 200000 characters/)
  expect(process.cpuUsage(began).user).toBeLessThan(3_000_000)
})

test('a key that is given twice is refused: whoever reads it would see another cluster than we', () => {
  const twice = `${config({}, { token: 't' })}\ncurrent-context: there\n`
  expect(() => readKubeconfig(twice)).toThrow('gives a key twice')
})

test('an address with credentials, a query or a fragment is refused, and what is secret is not repeated', () => {
  const user = { token: 't' }
  const server = 'https://somebody:secret-pass@10.0.0.1'
  expect(() => readKubeconfig(config({ server }, user))).toThrow(
    /^(?!.*secret-pass).*credentials.*under its user/,
  )
  expect(() => readKubeconfig(config({ server: 'https://10.0.0.1/?x=1' }, user))).toThrow(
    /a query or a fragment/,
  )
  expect(() => readKubeconfig(config({ server: 'https://10.0.0.1/#x' }, user))).toThrow(
    /a query or a fragment/,
  )
  expect(readKubeconfig(config({ server: 'https://10.0.0.1/k8s/c-1' }, user)).server).toContain('/k8s/c-1')
})
