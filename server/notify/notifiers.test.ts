import { CloudEvent } from 'cloudevents'
import { SMTPServer } from 'smtp-server'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newSecret } from '../kernel/webhook-signature.ts'
import { notifiers } from './notifiers/index.ts'
import { slackMessage } from './notifiers/slack.ts'
import { type Listener, startListener } from './testing/listener.ts'
import { sampleNotice } from './testing/notices.ts'
import { notifierContract, surroundings } from './testing/notifier-contract.ts'

let listener: Listener
beforeAll(async () => {
  vi.stubEnv('INFRASAGE_PRIVATE_HOSTS', '127.0.0.1')
  listener = await startListener()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await listener.close()
})

const refuse = () => void listener.answers.push({ status: 500, body: 'no room' })
const bodies = () => listener.heard.map(({ body }) => body)

describe('webhook', () => {
  const secret = newSecret()
  const config = () => ({ url: listener.url, secret })
  notifierContract(() => ({
    ...{ notifier: notifiers.webhook, config, secrets: [secret], arrived: bodies, refuseNext: refuse },
  }))

  const send = async () => {
    await notifiers.webhook.deliver(sampleNotice(), notifiers.webhook.parseConfig(config()), surroundings)
    const last = listener.heard.at(-1)
    if (!last) throw new Error('nothing arrived')
    return last
  }

  test('is a CloudEvent 1.0 that the CloudEvents SDK takes', async () => {
    const { headers, body } = await send()
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
    const event = new CloudEvent(JSON.parse(body), true)
    expect(event.validate()).toBe(true)
    expect(event).toMatchObject({ id: 'log-41', type: 'infrasage.proposal.create' })
    expect(event.data).toMatchObject({ urgency: 'action', logEntry: 41 })
  })

  test('is signed so that the Standard Webhooks library takes it, and nothing else', async () => {
    const { headers, body } = await send()
    const signed = Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])]),
    )
    vi.useFakeTimers({ now: surroundings.now, toFake: ['Date'] })
    try {
      const verifier = new Webhook(secret)
      expect(verifier.verify(body, signed)).toMatchObject({ id: 'log-41' })
      expect(() => verifier.verify(body.replace('9 replicas', '90 replicas'), signed)).toThrow()
      expect(() => new Webhook(newSecret()).verify(body, signed)).toThrow()
      vi.setSystemTime(new Date(surroundings.now.getTime() + 10 * 60_000))
      expect(() => verifier.verify(body, signed)).toThrow(/too old/)
    } finally {
      vi.useRealTimers()
    }
  })

  test('tells when to come back, and what is gone for good', async () => {
    listener.answers.push({ status: 429, headers: { 'retry-after': '90' } })
    await expect(send()).rejects.toMatchObject({ retryAfterSeconds: 90, final: false })
    listener.answers.push({ status: 410 })
    await expect(send()).rejects.toMatchObject({ final: true })
  })

  test('does not follow a redirect', async () => {
    const before = listener.heard.length
    listener.answers.push({ status: 307, headers: { location: listener.url } })
    await expect(send()).rejects.toThrow('307')
    expect(listener.heard.length).toBe(before + 1)
  })
})

describe('slack', () => {
  const config = () => ({ url: listener.url })
  const arrived = () => bodies().map((body) => body.replaceAll('&gt;', '>'))
  notifierContract(() => ({
    ...{ notifier: notifiers.slack, config, secrets: ['/hook'], arrived, refuseNext: refuse },
  }))

  test('what Slack reads as markup stands for itself', () => {
    const text = JSON.stringify(slackMessage(sampleNotice(), 'https://infrasage.example'))
    expect(text).toContain('chat &lt;eu&gt; &amp; co')
    expect(text).toContain('<https://infrasage.example/inbox?proposal=')
  })
})

describe('email', () => {
  const arrived: string[] = []
  let refusals = 0
  let server: SMTPServer
  let port = 0
  beforeAll(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, _session, done) => {
        const parts: Buffer[] = []
        stream.on('data', (part: Buffer) => parts.push(part))
        stream.on('end', () => {
          if (refusals > 0) {
            refusals--
            return done(new Error('the mailbox is full'))
          }
          arrived.push(Buffer.concat(parts).toString('utf8'))
          done()
        })
      },
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.server.address()
    port = address instanceof Object ? address.port : 0
  })
  afterAll(() => new Promise<void>((done) => server.close(() => done())))

  const config = () => ({
    ...{ host: '127.0.0.1', port, security: 'none', from: 'infrasage@example.com', to: ['ops@example.com'] },
  })
  /** Without the line breaks and escapes of quoted-printable, in the text and in the subject's encoded words. */
  const plain = () =>
    arrived.map((text) =>
      text
        .replaceAll(/\?=\s+=\?UTF-8\?Q\?/g, '')
        .replaceAll('=\r\n', '')
        .replaceAll('=3D', '=')
        .replaceAll('_', ' '),
    )
  notifierContract(() => ({
    ...{ notifier: notifiers.email, config, secrets: [], arrived: plain },
    refuseNext: () => {
      refusals = 1
    },
  }))

  test('has the same message id at each attempt, and says that no person wrote it', async () => {
    await notifiers.email.deliver(sampleNotice(), notifiers.email.parseConfig(config()), surroundings)
    expect(arrived.at(-1)).toMatch(/Message-ID: <log-41@infrasage.example>/i)
    expect(arrived.at(-1)).toMatch(/Auto-Submitted: auto-generated/i)
  })

  test('sends no password over a connection that others can read, nor goes on without the encryption asked for', async () => {
    const login = { user: 'infrasage', password: 'hunter2hunter2' }
    expect(() => notifiers.email.parseConfig({ ...config(), ...login })).toThrow(/starttls or tls/)
    const encrypted = notifiers.email.parseConfig({ ...config(), ...login, security: 'starttls' })
    const before = arrived.length
    await expect(notifiers.email.deliver(sampleNotice(), encrypted, surroundings)).rejects.toThrow(
      /did not take it/,
    )
    expect(arrived.length).toBe(before)
  })
})
