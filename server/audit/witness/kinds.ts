import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { InvalidInputError } from '../../kernel/errors.ts'
import { OutboundError, type OutboundRequest, outboundUrl, postOutbound } from '../../kernel/outbound.ts'
import { parseInput } from '../../kernel/parse.ts'
import { newSecret, signatureHeaders } from '../../kernel/webhook-signature.ts'
import type { AuditCheckpointView, WitnessKind } from '../contract.ts'
import { signedPut } from './s3-put.ts'

/** What a witness is sent; `publicKey` in PEM. */
export type Sent = { checkpoint: AuditCheckpointView; publicKey: string; at: Date }

/** One kind of witness. `send` resolves once the other side has taken the checkpoint, and throws an Error for people. */
type Kind<Config> = {
  /** @throws InvalidInputError naming the setting */
  parse(raw: unknown): Config
  destinationOf(config: Config): string
  /** What the other side needs in order to check our messages; told once, when the witness is added. */
  secretOf(config: Config): string | null
  send(config: Config, sent: Sent): Promise<void>
}

const address = z.url().refine(isOutbound, 'is no address that may be called')
const timeoutMs = 10_000
const maxAnswerBytes = 64 * 1024

const webhookConfig = z.strictObject({
  url: address,
  secret: z.string().startsWith('whsec_').default(newSecret),
})

/** JSON, signed as Standard Webhooks has it; the id names the checkpoint, so that a repetition is seen. */
const webhook: Kind<z.infer<typeof webhookConfig>> = {
  parse: (raw) => parseInput(webhookConfig, raw, 'webhook'),
  destinationOf: ({ url }) => new URL(url).host,
  secretOf: ({ secret }) => secret,
  send: async ({ url, secret }, { checkpoint, publicKey, at }) => {
    const body = JSON.stringify({
      type: 'infrasage.audit.checkpoint',
      timestamp: at.toISOString(),
      data: { checkpoint, publicKey },
    })
    const id = `checkpoint-${checkpoint.size}-${checkpoint.headHash.slice(0, 16)}`
    await deliver({ url, headers: signatureHeaders(secret, id, at, body), body })
  },
}

/** The folder in which files may be written, from the environment; null if none is set. */
export function witnessFolder(source: Record<string, string | undefined> = process.env): string | null {
  return source.INFRASAGE_WITNESS_DIR || null
}

const fileConfig = z.strictObject({
  file: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'is a file name of letters, digits, ".", "_" and "-"'),
})

/** A line more in a file of a folder that whoever runs the installation chose: on another machine's disk, or write-once. */
const file: Kind<z.infer<typeof fileConfig>> = {
  parse: (raw) => {
    const config = parseInput(fileConfig, raw, 'file')
    if (witnessFolder()) return config
    const message = 'needs a folder; set INFRASAGE_WITNESS_DIR where the product is started'
    throw new InvalidInputError(`The file is not valid: ${message}.`, [{ path: 'kind', message }])
  },
  destinationOf: ({ file: name }) => name,
  secretOf: () => null,
  send: async ({ file: name }, { checkpoint }) => {
    const folder = witnessFolder()
    if (!folder) throw new Error('INFRASAGE_WITNESS_DIR is not set any more')
    appendFileSync(path.join(folder, name), `${JSON.stringify(checkpoint)}\n`, { flush: true })
  },
}

const s3Config = z.strictObject({
  endpoint: address,
  region: z.string().min(1).max(100).default('us-east-1'),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no bucket name'),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9/_.-]{0,200}$/, 'holds letters, digits, "/", "_", "." and "-"')
    .default('infrasage/'),
  accessKeyId: z.string().min(1).max(200),
  secretAccessKey: z.string().min(1).max(500),
})
export type S3Config = z.infer<typeof s3Config>

/** One object for each checkpoint, never written twice; Object Lock on the bucket makes it so for everybody. */
const s3: Kind<S3Config> = {
  parse: (raw) => parseInput(s3Config, raw, 'store'),
  destinationOf: ({ endpoint, bucket, prefix }) => `${bucket}/${prefix} at ${new URL(endpoint).host}`,
  secretOf: () => null,
  send: async (config, { checkpoint, at }) => {
    const name = `${String(checkpoint.size).padStart(12, '0')}-${checkpoint.headHash.slice(0, 16)}.json`
    await deliver(await signedPut(config, `${config.prefix}${name}`, `${JSON.stringify(checkpoint)}\n`, at))
  },
}

/** A witness's settings as they are kept, and what can be done with them. */
export type Opened = {
  config: unknown
  destination: string
  secret: string | null
  send(sent: Sent): Promise<void>
}

/** @throws InvalidInputError naming the setting that is wrong */
export const openWitness: Record<WitnessKind, (raw: unknown) => Opened> = {
  webhook: (raw) => opened(webhook, raw),
  file: (raw) => opened(file, raw),
  s3: (raw) => opened(s3, raw),
}

function opened<Config>(kind: Kind<Config>, raw: unknown): Opened {
  const config = kind.parse(raw)
  return {
    config,
    destination: kind.destinationOf(config),
    secret: kind.secretOf(config),
    send: (sent) => kind.send(config, sent),
  }
}

async function deliver(request: Pick<OutboundRequest, 'url' | 'method' | 'headers' | 'body'>): Promise<void> {
  const { status, body } = await postOutbound({ ...request, timeoutMs, maxAnswerBytes })
  if (status >= 200 && status < 300) return
  const said = body.toString('utf8').replace(/\s+/g, ' ').trim().slice(0, 200)
  throw new OutboundError('unreachable', `it answered ${status}${said ? `: ${said}` : ''}`)
}

function isOutbound(url: string): boolean {
  try {
    return outboundUrl(url) !== null
  } catch {
    return false
  }
}
