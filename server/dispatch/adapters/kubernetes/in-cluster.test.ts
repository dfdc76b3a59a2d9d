import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { kubernetesConfig } from '../../contract.ts'
import { expiryOf } from './examine.ts'
import { authenticationOf } from './http.ts'
import { inClusterAccess } from './in-cluster.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-pod-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const around = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '6443' }

async function sent(access: ReturnType<typeof inClusterAccess>): Promise<string> {
  const headers: Record<string, string> = {}
  const request = {
    setHeaderParam: (name: string, value: string) => Object.assign(headers, { [name]: value }),
  }
  // Nothing else of a request is touched by what says who we are.
  await authenticationOf(access).applySecurityAuthentication(request as never)
  return headers.Authorization ?? ''
}

test('in a pod: the address of its environment, the certificate of its folder, the token as it is at each request', async () => {
  writeFileSync(path.join(folder, 'token'), 'first\n')
  writeFileSync(path.join(folder, 'ca.crt'), 'PEM')
  const access = inClusterAccess(around, folder)
  expect(access).toMatchObject({ server: 'https://10.96.0.1:6443', ownHost: '10.96.0.1' })
  expect(Buffer.from(access.caData ?? '', 'base64').toString()).toBe('PEM')
  expect(await sent(access)).toBe('Bearer first')
  writeFileSync(path.join(folder, 'token'), 'second')
  expect(await sent(access)).toBe('Bearer second')
  const six = inClusterAccess({ ...around, KUBERNETES_SERVICE_HOST: 'fd00::1' }, folder)
  expect(six.server).toBe('https://[fd00::1]:6443')
})

test('outside a pod, or in one without a token, it says what is missing', () => {
  expect(() => inClusterAccess({}, folder)).toThrow(/does not run in a cluster here/)
  expect(() => inClusterAccess(around, folder)).toThrow(/automountServiceAccountToken: true/)
})

test('a connection is one by kubeconfig or one in the cluster; what is wrong is said of the one that was meant', () => {
  expect(kubernetesConfig.parse({ access: 'in-cluster' })).toEqual({ access: 'in-cluster' })
  expect(kubernetesConfig.parse({ kubeconfig: 'x' })).toEqual({ kubeconfig: 'x' })
  expect(kubernetesConfig.safeParse({ access: 'in-cluster', kubeconfig: 'x' }).success).toBe(false)
  expect(kubernetesConfig.safeParse({}).error?.issues[0]?.path).toEqual(['kubeconfig'])
  expect(kubernetesConfig.safeParse({ access: 'magic' }).error?.issues[0]?.path).toEqual(['access'])
})

test('when a token ends is read from it, and nothing is made up where it does not say', () => {
  const token = `x.${Buffer.from('{"exp":1900000000}').toString('base64url')}.y`
  expect(expiryOf({ server: '', user: { token } })?.toISOString()).toBe('2030-03-17T17:46:40.000Z')
  expect(expiryOf({ server: '', user: { token: 'opaque' } })).toBeNull()
  expect(expiryOf({ server: '', user: { tokenFile: '/x' } })).toBeNull()
  expect(expiryOf({ server: '', user: { certData: 'bm90aGluZw==' } })).toBeNull()
})
