import type { NotifierKind } from '../../server/notify/contract.ts'

/** What the fields of a notifier hold. */
export type ConfigForm = {
  url: string
  host: string
  port: string
  security: 'starttls' | 'tls' | 'none'
  user: string
  password: string
  from: string
  to: string
}

export const emptyConfig: ConfigForm = {
  ...{ url: '', host: '', port: '587', security: 'starttls', user: '', password: '', from: '', to: '' },
}

/** Settings as the server takes them; a port that is no number goes as it is, and is named by the server. */
export function configOf(kind: NotifierKind, form: ConfigForm): Record<string, unknown> {
  if (kind !== 'email') return { url: form.url.trim() }
  const { host, port, security, user, password, from, to } = form
  return {
    host: host.trim(),
    port: /^\d+$/.test(port.trim()) ? Number(port) : port,
    security,
    ...(user === '' ? {} : { user }),
    ...(password === '' ? {} : { password }),
    from: from.trim(),
    to: to.split(',').flatMap((address) => (address.trim() === '' ? [] : [address.trim()])),
  }
}

/** True once there is enough to send. */
export function isFilled(kind: NotifierKind, { url, host, from, to }: ConfigForm): boolean {
  const needed = kind === 'email' ? [host, from, to] : [url]
  return needed.every((value) => value.trim() !== '')
}
