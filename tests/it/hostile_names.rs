//! Names that try to be more than names, for every test of what is written. Each is a text that a model,
//! a metric, a file or a parameter could have.

/// Forty hostile names, all different.
pub(crate) const HOSTILE: [&str; 40] = [
    // Markup of HTML and SVG, and the ends of what a name may stand in.
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</svg><script>alert(1)</script>",
    "</style></script></textarea><b>",
    "<img src=x onerror=alert(1)>",
    "\"onload=alert(1) x=\"",
    "'onclick='alert(1)",
    "\"><svg onload=alert(1)>",
    "<!-- tradeoff:end -->",
    "<!--",
    "]]>",
    "<![CDATA[x",
    "<?php echo 1 ?>",
    "&lt;b&gt;",
    "&#60;script&#62;&colon;",
    // Markdown.
    "[x](javascript:alert(1))",
    "![x](http://example.invalid/x.png)",
    "<javascript:alert(1)>",
    "https://example.invalid/a_b?c=1&d",
    "`code` and ``more``",
    "a | b || c",
    "# heading\n\n- item",
    "**bold** _em_ ~~gone~~ $x^2$",
    "[^1]: note [ref]: /url",
    "trailing backslash \\",
    // Formulas of spreadsheets.
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2+3+cmd()",
    "@SUM(A1:A9)",
    "\t=1+1",
    "＝1+1",
    // What a terminal or an eye is deceived by.
    "\u{1b}[31mred\u{1b}[0m\u{1b}]8;;http://example.invalid\u{7}link",
    "NUL\u{0}BEL\u{7}DEL\u{7f}CSI\u{9b}31m",
    "\u{202e}gnp.exe\u{2066}\u{200f}",
    "zero\u{200b}width\u{feff}joined\u{2060}",
    "line\r\nbreak\u{2028}\u{85}next",
    // Templates and shells.
    "$(touch pwned); `touch pwned` %PATH%",
    "{{7*7}} ${7*7} <%= 7*7 %> {% raw %}",
    // Honest, and hard all the same.
    "模型³ – naïve 👩\u{200d}💻 עברית العربية",
    concat!(
        "very-long-",
        "0123456789abcdefghijklmnopqrstuvwxyz",
        "0123456789abcdefghijklmnopqrstuvwxyz",
        "0123456789abcdefghijklmnopqrstuvwxyz",
        "0123456789abcdefghijklmnopqrstuvwxyz",
        "0123456789abcdefghijklmnopqrstuvwxyz",
        "0123456789abcdefghijklmnopqrstuvwxyz"
    ),
];

#[test]
fn the_names_are_forty_different_ones() {
    let different: std::collections::BTreeSet<&str> = HOSTILE.into_iter().collect();
    assert_eq!(different.len(), HOSTILE.len());
}
