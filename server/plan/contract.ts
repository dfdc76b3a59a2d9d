// What the stage gives to others, in rooms: types and schemas, no database, safe for the browser.
export * from './contract/action.ts'
export * from './contract/capacity.ts'
export * from './contract/content.ts'
export * from './contract/places.ts'
export * from './contract/policy.ts'
