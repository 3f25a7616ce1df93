// @boundaries-ignore how tests run is no part of a room
import room from '../../vitest.room.ts'
import { ALONE } from './vitest.config.ts'

export default { ...room, test: { ...room.test, include: ALONE } }
