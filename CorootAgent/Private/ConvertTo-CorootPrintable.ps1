# Makes untrusted text safe for a terminal: control, bidirectional and invisible characters become visible. Its body is
# also a method of the objects, which runs outside of the module, so it uses nothing of the module.
function ConvertTo-CorootPrintable {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [string] $Text
    )

    if ($Text -notmatch '[^ -~]') { return $Text }
    # Control and format characters, separators of lines and paragraphs, and everything else that is displayed as
    # nothing (https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point). Above U+FFFF, where a character is a
    # pair of surrogates, those are format characters of some scripts, and U+E0000 to U+E0FFF.
    $unsafe = @(
        '[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]'
        '[\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2065\u3164\uFE00-\uFE0F\uFFA0\uFFF0-\uFFF8]'
        '\uD804[\uDCBD\uDCCD]', '\uD80D[\uDC30-\uDC3F]', '\uD82F[\uDCA0-\uDCA3]', '\uD834[\uDD73-\uDD7A]'
        '[\uDB40-\uDB43][\uDC00-\uDFFF]'
        # Surrogates without their other half.
        '[\uD800-\uDBFF](?![\uDC00-\uDFFF])', '(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]'
    ) -join '|'
    [regex]::Replace($Text, $unsafe, {
            param($match)
            $code = [int] $match.Value[0]
            if ($match.Value.Length -eq 2) { $code = [char]::ConvertToUtf32($match.Value, 0) }
            # C0 controls have pictures in Unicode.
            if ($code -lt 0x20) { [string] [char] (0x2400 + $code) }
            elseif ($code -eq 0x7F) { [string] [char] 0x2421 }
            else { '<U+{0:X4}>' -f $code }
        })
}
