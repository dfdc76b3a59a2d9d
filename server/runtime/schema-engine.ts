import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import { Pool } from 'pg'

/** Catalogue type `"char"`, which the adapter does not know, and `text`, which reads the same. */
const charOid = 18
const textOid = 25

type Fields = { fields?: { dataTypeID: number }[] }

/** A pool whose results never name the type `"char"`; the engine reads such columns of the catalogue. */
function cataloguePool(connectionString: string): Pool {
  const pool = new Pool({ connectionString })
  const query: (...args: unknown[]) => Promise<Fields | Fields[]> = pool.query.bind(pool)
  const patched = async (...args: unknown[]) => {
    const result = await query(...args)
    for (const each of [result].flat()) {
      for (const field of each.fields ?? []) if (field.dataTypeID === charOid) field.dataTypeID = textOid
    }
    return result
  }
  return Object.assign(pool, { query: patched })
}

/** The official adapter, but a script runs whole: the stock one splits it at every `;`, functions included. */
async function connect(
  connectionString: string,
  afterClose?: () => Promise<void>,
): Promise<SqlDriverAdapter> {
  const pool = cataloguePool(connectionString)
  const adapter = await new PrismaPg(pool).connect()
  let closing: Promise<void> | undefined
  const close = async () => {
    await pool.end()
    await afterClose?.()
  }
  return Object.assign(adapter, {
    executeScript: async (script: string) => {
      await adapter.executeRaw({ sql: script, args: [], argTypes: [] })
    },
    dispose: () => {
      closing ??= close()
      return closing
    },
  })
}

/** Replaces the database in a connection string. */
export function withDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${database}`
  return url.href
}

/** Runs `work` in a database of its own, which is dropped afterwards. The user of the address must hold CREATEDB. */
export async function createScratchDatabase(
  connectionString: string,
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `infrasage_scratch_${randomUUID().replaceAll('-', '')}`
  const admin = new Pool({ connectionString, max: 1 })
  try {
    await admin.query(`CREATE DATABASE ${name}`)
  } catch (error) {
    await admin.end()
    throw new Error('A scratch database could not be created; the role of the address needs CREATEDB.', {
      cause: error,
    })
  }
  const drop = async () => {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.end()
  }
  return { url: withDatabase(connectionString, name), drop }
}

let loaded: Promise<void> | undefined

/** Instantiates the WebAssembly once; Node can import it too, but warns that this is experimental. */
function load(): Promise<void> {
  loaded ??= (async () => {
    const script = fileURLToPath(import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
    const bytes = await readFile(path.join(path.dirname(script), 'schema_engine_bg.wasm'))
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...bindings } })
    bindings.__wbg_set_wasm(instance.exports)
    const start = instance.exports.__wbindgen_start
    if (typeof start !== 'function')
      throw new Error('The schema engine has no entry point; is its version right?')
    start()
  })()
  return loaded
}

/**
 * Prisma's schema engine on a database, as WebAssembly: the same that the native one is compiled from, and it
 * records in `_prisma_migrations` as that does. It leaves its connections open, so they are closed here.
 */
export async function withSchemaEngine<T>(
  connectionString: string,
  schema: [file: string, content: string],
  work: (engine: bindings.SchemaEngine) => Promise<T>,
): Promise<T> {
  await load()
  const opened: SqlDriverAdapter[] = []
  const remember = (adapter: SqlDriverAdapter) => {
    opened.push(adapter)
    return adapter
  }
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: async () => remember(await connect(connectionString)),
    connectToShadowDb: async () => {
      const shadow = await createScratchDatabase(connectionString)
      return remember(await connect(shadow.url, shadow.drop))
    },
  }
  const bound = bindMigrationAwareSqlAdapterFactory(factory)
  const engine = await bindings.SchemaEngine.new({ datamodels: [schema] }, () => undefined, bound)
  try {
    return await work(engine)
  } finally {
    engine.free()
    for (const adapter of opened) await adapter.dispose()
  }
}
