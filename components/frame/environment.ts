'use client'
import { parseAsString, useQueryState } from 'nuqs'

/**
 * The environment that every page is narrowed to, kept in the URL as `env`; null for all.
 * `link` carries it over to another page.
 */
export function useEnvironment() {
  const [environment, setEnvironment] = useQueryState('env', parseAsString)
  const link = (href: string): string => {
    if (!environment) return href
    return `${href}${href.includes('?') ? '&' : '?'}env=${encodeURIComponent(environment)}`
  }
  return { environment, setEnvironment, link }
}
