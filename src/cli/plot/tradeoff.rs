//! Speed against score: the findings behind a scatter, and the scatter.

use crate::chart::{self, Drawing};
use crate::report::{self, Tradeoff};

use super::super::axes;
use super::super::context::Context;
use super::super::failure::Hinted;
use super::super::mixture;
use super::super::options::{AxisOptions, ObjectiveOptions};
use super::super::rows::{self, Asked};
use super::look::Look;

/// The findings of a question, for a picture or a report.
pub(in super::super) fn tradeoff(
    cx: &Context,
    asked: &mut Asked,
    axis_options: &AxisOptions,
    objectives: &ObjectiveOptions,
    look: &Look,
) -> anyhow::Result<Tradeoff> {
    let frame = asked.frame(cx)?;
    rows::enough(asked, frame.height())?;
    if frame.height() == 0 {
        return Err(chart::ChartError::NoPoints.into());
    }
    let mut axes = axes::both(asked, &frame, axis_options, objectives)?;
    if let Some(title) = &look.x_title {
        axes.x.title.clone_from(title);
    }
    if let Some(title) = &look.y_title {
        axes.y.title.clone_from(title);
    }
    let cues = look.cues(asked);
    if !look.allow_mixed {
        let cued = [&cues.color, &cues.area, &cues.facet, &axes.label];
        let cued = cued.into_iter().flatten().map(String::as_str);
        let shown: Vec<&str> = cued
            .chain([axes.x.column.as_str(), axes.y.column.as_str()])
            .collect();
        mixture::warn(cx, &frame, &shown);
    }
    let label = axes.label.as_deref();
    Ok(Tradeoff::of(
        &frame,
        axes.x,
        axes.y,
        label,
        asked.provenance(),
        &cues,
    )?)
}

/// The scatter of the findings, with the notes about it said.
pub(in super::super) fn drawing(
    cx: &Context,
    asked: &Asked,
    tradeoff: &Tradeoff,
    look: &Look,
) -> anyhow::Result<Drawing> {
    check(asked, tradeoff, look)?;
    let drawing = report::drawing(tradeoff, &look.marking(asked), look.paper())?;
    super::say_notes(cx, &drawing);
    Ok(drawing)
}

/// The plain data of the scatter.
pub(super) fn scatter_of(
    asked: &Asked,
    tradeoff: &Tradeoff,
    look: &Look,
) -> anyhow::Result<chart::Scatter> {
    check(asked, tradeoff, look)?;
    Ok(report::scatter(tradeoff, &look.marking(asked)))
}

fn check(asked: &Asked, tradeoff: &Tradeoff, look: &Look) -> anyhow::Result<()> {
    if let Some(name) = &look.marking(asked).highlight {
        known(tradeoff, name)?;
    }
    // A frontier that is asked for and cannot be drawn is an error, not a picture without it.
    if look.frontier && tradeoff.frontier.is_none() {
        for axis in [&tradeoff.x, &tradeoff.y] {
            axes::direction(axis)?;
        }
    }
    Ok(())
}

/// A model to emphasise must be there.
pub(in super::super) fn known(tradeoff: &Tradeoff, name: &str) -> anyhow::Result<()> {
    let labels = || tradeoff.fit.points.iter().map(|p| p.0.as_str());
    if labels().any(|label| label == name) {
        return Ok(());
    }
    let hint = match crate::catalog::nearest::nearest(name, labels()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "the points are {}",
            labels().take(20).collect::<Vec<_>>().join(", ")
        ),
    };
    Err(Hinted::new(format!("no point is called `{name}`"), hint).into())
}
