//! `demo`: the whole way on seven models, each step the command it prints.

use std::path::{Path, PathBuf};

use clap::Parser;

use super::context::Context;
use super::failure::{Hinted, Outcome};
use super::options::OutputOptions;
use super::{Cli, Command, shell};

/// Seven small models with retrieval, read off a published figure: decoding speed and the average
/// score on professional tasks.
const MODELS: &str = "\
model,decoding speed with retrieval (token/s),professional tasks with retrieval (avg score)
Qwen1.5-4B-Chat,550,54.5
Qwen1.5-1.8B-Chat,800,48.0
Memory³-2B-SFT,650,47.0
MiniCPM-2B-SFT,500,45.5
Gemma-2B-it,1000,40.5
Llama2-7B-Chat,400,36.5
Phi-2,600,35.0
";

/// Run every step on seven models: store, frontier, fit, chart and report
///
/// Writes models.csv, demo.db, speed_vs_score.svg, speed_vs_score.png and report.md, and prints each
/// command it stands for.
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// The folder to write into, made if need be
    #[arg(default_value = ".")]
    dir: PathBuf,
}

impl Demo {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        std::fs::create_dir_all(&self.dir)?;
        let at = |name: &str| {
            if self.dir == Path::new(".") {
                PathBuf::from(name)
            } else {
                self.dir.join(name)
            }
        };
        let data = at("models.csv");
        keep_or_write(cx, &data)?;
        let (store, svg, png, report) = (
            at("demo.db"),
            at("speed_vs_score.svg"),
            at("speed_vs_score.png"),
            at("report.md"),
        );
        let text = |path: &Path| path.display().to_string();
        let inner = cx.with_store(store.clone());
        let highlight = "Memory³-2B-SFT";
        let note = "Values read off a published figure.";
        let steps: [Vec<String>; 5] = [
            vec!["import".into(), text(&data)],
            vec!["frontier".into(), "speed_vs_score".into()],
            vec!["fit".into(), "speed_vs_score".into()],
            vec![
                "plot".into(),
                "speed_vs_score".into(),
                "--highlight".into(),
                highlight.into(),
                "--note".into(),
                note.into(),
                "-o".into(),
                text(&svg),
                "-o".into(),
                text(&png),
                "--scale".into(),
                "2".into(),
            ],
            vec![
                "report".into(),
                "tradeoff".into(),
                "speed_vs_score".into(),
                "--highlight".into(),
                highlight.into(),
                "--note".into(),
                note.into(),
                "--picture".into(),
                text(&svg),
                "-o".into(),
                text(&report),
            ],
        ];
        for step in steps {
            let line: Vec<String> = ["tradeoff".into(), "--store".into(), text(&store)]
                .into_iter()
                .chain(step)
                .collect();
            say(
                cx,
                &format!(
                    "$ {}\n",
                    line.iter()
                        .map(|word| shell::word(word))
                        .collect::<Vec<_>>()
                        .join(" ")
                ),
            )?;
            let parsed = Cli::try_parse_from(&line)?;
            if !matches!(parsed.command, Command::Demo(_)) {
                parsed.command.run(&inner)?;
            }
            say(cx, "")?;
        }
        let files = [&svg, &png, &report].map(|path| text(path)).join(", ");
        say(cx, &format!("wrote {files}; the store is {}", text(&store)))?;
        Ok(Outcome::Fine)
    }
}

/// Writes the data, unless a file of that name with other content is somebody's own.
fn keep_or_write(cx: &Context, path: &Path) -> anyhow::Result<()> {
    match std::fs::read(path) {
        Ok(found) if found == MODELS.as_bytes() => Ok(()),
        Ok(_) => Err(Hinted::new(
            format!(
                "`{}` is a file of yours, the demo does not replace it",
                path.display()
            ),
            "`tradeoff demo DIR` writes into another folder",
        )
        .into()),
        Err(_) => cx.file(path, |out| Ok(out.write_all(MODELS.as_bytes())?)),
    }
}

fn say(cx: &Context, line: &str) -> anyhow::Result<()> {
    cx.bytes(&OutputOptions::default(), |out| {
        Ok(writeln!(out, "{line}")?)
    })
}
