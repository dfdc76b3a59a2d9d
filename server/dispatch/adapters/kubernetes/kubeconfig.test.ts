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
