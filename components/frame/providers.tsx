'use client'
import { ThemeProvider } from 'next-themes'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { ZoneProvider } from '../ui/clock.tsx'
import { Toasts } from '../ui/toasts.tsx'
import { TooltipProvider } from '../ui/tooltip.tsx'

/** What every page stands on, signed in or not: theme, time zone, URL state, tooltips and toasts. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  return (
    <ThemeProvider
      attribute="class"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      nonce={nonce}
    >
      <NuqsAdapter>
        <ZoneProvider>
          <TooltipProvider delayDuration={300}>
            {children}
            <Toasts />
          </TooltipProvider>
        </ZoneProvider>
      </NuqsAdapter>
    </ThemeProvider>
  )
}
