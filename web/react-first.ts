/**
 * React makes errors when it is evaluated, and where a debugger is attached Chromium parses the whole file of each caller again
 * for their stacks. Evaluated from here it is the only one.
 */
import 'react-dom/client'
