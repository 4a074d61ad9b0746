//! The README tells the truth: its console blocks are executed, in order, in one folder, and what
//! they print is what stands there.

use std::path::Path;
use std::process::Command;

use crate::harness::Workspace;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// Commands with what should follow each, from the blocks marked `console`.
fn commands(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if inside && let Some(command) = line.strip_prefix("$ ") {
            found.push((command.to_owned(), String::new()));
        } else if inside
            && let Some(more) = line.strip_prefix("> ")
            && let Some((command, _)) = found.last_mut().filter(|(_, expected)| expected.is_empty())
        {
            command.push('\n');
            command.push_str(more);
        } else if inside && let Some((_, expected)) = found.last_mut() {
            expected.push_str(line);
            expected.push('\n');
        }
    }
    found
}

#[test]
fn what_the_readme_shows_is_what_happens() {
    let workspace = Workspace::new();
    let bin = Path::new(env!("CARGO_BIN_EXE_tradeoff")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", bin.display());
    let commands = commands(&readme());
    assert!(commands.len() >= 8, "{} commands", commands.len());
    for (command, expected) in commands {
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(workspace.path(""))
            .env_clear()
            .env("PATH", &path)
            .output()
            .unwrap();
        let found = String::from_utf8(output.stdout).unwrap();
        let trimmed = |text: &str| {
            text.lines()
                .map(str::trim_end)
                .collect::<Vec<_>>()
                .join("\n")
                .trim()
                .to_owned()
        };
        assert_eq!(trimmed(&found), trimmed(&expected), "\n$ {command}");
    }
}

#[test]
fn every_command_format_and_saved_query_is_named() {
    let text = readme();
    let workspace = Workspace::new();
    let help = workspace.ok(&["--help"]);
    let commands = help
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("Options:")
        .next()
        .unwrap();
    for line in commands
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
    {
        let name = line.split_whitespace().next().unwrap();
        assert!(
            name == "help" || text.contains(&format!("`{name}")),
            "the README does not name the command `{name}`"
        );
    }
    for format in tradeoff::import::FORMATS {
        assert!(
            text.contains(&format!("`{}`", format.name)),
            "the README does not name the format `{}`",
            format.name
        );
    }
    for query in workspace.json(&["queries", "list"]).as_array().unwrap() {
        let name = query["query"].as_str().unwrap();
        assert!(
            text.contains(&format!("`{name}`")),
            "the README does not name the query `{name}`"
        );
    }
}
