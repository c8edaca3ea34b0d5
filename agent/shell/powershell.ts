/** PowerShell tells what it runs. It takes this file by an argument, and reads it after the person's own profile. */
import { script } from './script.ts';

export function powershellInit(nonce: string): string {
  return `$Global:__WebxtermNonce = '${nonce}'\n${HOOKS}`;
}

/** The person's prompt and line reader are called as they were; what they find in \`$?\` and \`$LASTEXITCODE\` is kept. */
const HOOKS = script`
$Global:__WebxtermPrompt = $function:prompt
$Global:__WebxtermRead = $function:PSConsoleHostReadLine
$Global:__WebxtermLine = ''

function Global:__WebxtermMark([string]$Content) {
  [Console]::Write("$([char]27)]633;W;$Global:__WebxtermNonce;$Content$([char]7)")
}

function Global:prompt() {
  $Succeeded = $?
  $Code = $Global:LASTEXITCODE
  $Exit = if ($Succeeded) { 0 } elseif ($Code) { $Code } else { 1 }
  __WebxtermMark "done;$Exit"
  $Global:LASTEXITCODE = $Code
  if (-not $Succeeded) { Write-Error '' -ErrorAction Ignore }
  & $Global:__WebxtermPrompt
}

if ($Global:__WebxtermRead) {
  function Global:PSConsoleHostReadLine {
    $Line = & $Global:__WebxtermRead
    if ($Line.Trim()) {
      $Kept = if ($Line.Length -gt 8193) { $Line.Substring(0, 8193) } else { $Line }
      __WebxtermMark "run;1;$([Uri]::EscapeDataString($PWD.Path));$([Uri]::EscapeDataString($Kept))"
    }
    $Line
  }
}
`;
