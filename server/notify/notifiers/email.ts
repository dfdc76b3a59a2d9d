import nodemailer from 'nodemailer'
import { z } from 'zod'
import { outboundHost } from '../../kernel/outbound.ts'
import { parseInput } from '../../kernel/parse.ts'
import { type Notifier, NotTakenError } from '../notifier.ts'

const timeoutMs = 15_000

const configSchema = z
  .strictObject({
    host: z.string().trim().min(1, 'is empty').max(253),
    port: z.number().int().min(1).max(65_535).default(587),
    /** `starttls`: upgraded before anything is said; `tls`: from the first byte; `none`: readable on the way. */
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    user: z.string().max(320).optional(),
    password: z.string().max(1_000).optional(),
    from: z.email(),
    to: z.array(z.email()).min(1, 'names nobody').max(50),
  })
  .superRefine(({ user, password, security }, check) => {
    if ((user === undefined) !== (password === undefined)) {
      const missing = user === undefined ? 'user' : 'password'
      check.addIssue({ code: 'custom', path: [missing], message: 'user and password come together' })
    }
    if (password !== undefined && security === 'none') {
      const message = 'a password is not sent over a connection that others can read; use starttls or tls'
      check.addIssue({ code: 'custom', path: ['security'], message })
    }
  })
type Config = z.infer<typeof configSchema>

/** Plain text by SMTP. */
export const email: Notifier<Config> = {
  parseConfig: (raw) => parseInput(configSchema, raw, 'e-mail setting'),
  destinationOf: ({ to, host }) => `${to.join(', ')} by ${host}`,
  secretOf: () => null,
  deliver: async (notice, config, { baseUrl, privateHosts }) => {
    const { host, port, security, user, password, from, to } = config
    const address = await outboundHost(host, timeoutMs, privateHosts)
    const transport = nodemailer.createTransport({
      host: address,
      servername: host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(user === undefined ? {} : { auth: { user, pass: password } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    try {
      await transport.sendMail({
        from,
        to,
        subject: notice.title.replace(/\s+/g, ' '),
        text: [notice.text, `${baseUrl}${notice.path}`].filter((line) => line !== '').join('\n\n'),
        // The same at each attempt: most readers show a repeated message once.
        messageId: `<${notice.id}@${new URL(baseUrl).hostname}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
    } catch (error) {
      throw new NotTakenError(
        `${host} did not take it: ${error instanceof Error ? error.message : String(error)}`,
      )
    } finally {
      transport.close()
    }
  },
}
