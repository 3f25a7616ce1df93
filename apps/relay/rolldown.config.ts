// @boundaries-ignore how programs are put together is no part of a room
export { default } from '../../rolldown.program.ts'
