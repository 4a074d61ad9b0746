//! The place of each point: layers, who beats whom, probabilities, gaps, shares; and of the frontier
//! as a whole its volume, knee and steps.

use super::super::error::AnalysisError;
use super::*;

/// Points on the frontier up to which the share of each in the whole set is found: every one takes
/// a volume of its own.
const SHARED: usize = 200;

impl Frontier {
    /// Lists the points, by layer and then by their gains.
    pub(super) fn place(&mut self, options: &FrontierOptions) -> Result<(), AnalysisError> {
        let dimension = self.objectives.len();
        let all = points(&self.rows.gains, dimension)?;
        let mut listed: Vec<(usize, usize)> = if options.all || self.is_small() {
            pareto::layers(&all).into_iter().enumerate().collect()
        } else {
            let front = pareto::front(&all).into_iter();
            front.map(|point| (point, 1)).collect()
        };
        listed.sort_by(|&(a, layer_a), &(b, layer_b)| {
            let pairs = self.rows.gains_of(a).iter().zip(self.rows.gains_of(b));
            let mut by_gain = pairs.map(|(x, y)| x.total_cmp(y));
            layer_a
                .cmp(&layer_b)
                .then_with(|| {
                    by_gain
                        .find(|o| o.is_ne())
                        .unwrap_or(std::cmp::Ordering::Equal)
                })
                .then(a.cmp(&b))
        });
        self.points = listed
            .iter()
            .map(|&(point, layer)| self.placed(point, layer))
            .collect();
        if !self.is_small() {
            return Ok(());
        }
        let order: Vec<usize> = listed.into_iter().map(|(point, _)| point).collect();
        let gains: Vec<&[f64]> = order.iter().map(|&p| self.rows.gains_of(p)).collect();
        let flat = gains.concat();
        let all = points(&flat, dimension)?;
        let gaps = pareto::Gaps::new(&all).map_err(undefined)?;
        for (i, point) in self.points.iter_mut().enumerate() {
            point.dominated_by = (0..gains.len())
                .filter(|&j| pareto::dominates(gains[j], gains[i]))
                .collect();
            point.gap = gaps.of(i);
        }
        self.weigh_errors(&all);
        self.find_near(&all, options)
    }

    fn placed(&self, point: usize, layer: usize) -> Placed {
        let values = self.rows.gains_of(point).iter().zip(&self.objectives);
        let axes = 0..self.objectives.len();
        Placed {
            label: self.rows.label(point),
            row: self.rows.row(point),
            values: values.map(|(gain, o)| o.direction.gain(*gain)).collect(),
            stderrs: axes.map(|axis| self.rows.error(point, axis)).collect(),
            layer,
            dominated_by: Vec::new(),
            p_frontier: None,
            gap: None,
            share_of_frontier: None,
            share_of_set: None,
            near: None,
        }
    }

    /// The probability of each point to be on the frontier.
    fn weigh_errors(&mut self, all: &Points<'_>) {
        let errors: Vec<Option<f64>> = self.points.iter().flat_map(|p| p.stderrs.clone()).collect();
        let shares = pareto::membership(all, &errors).unwrap_or_default();
        for (point, p) in self.points.iter_mut().zip(shares) {
            point.p_frontier = p;
        }
        let has_errors = |axis: &usize| self.rows.has_errors(*axis);
        let axes = 0..self.objectives.len();
        if axes.clone().any(|axis| has_errors(&axis)) {
            let exact = axes.filter(|axis| !has_errors(axis));
            let names = exact.filter_map(|axis| self.objectives.get(axis));
            self.exact = names.map(|o| o.column.clone()).collect();
        }
    }

    /// The points that nobody beats by the margin in every objective.
    fn find_near(
        &mut self,
        all: &Points<'_>,
        options: &FrontierOptions,
    ) -> Result<(), AnalysisError> {
        let near = match &options.near {
            None => return Ok(()),
            Some(Near::Factor(share)) => pareto::near_front(all, pareto::Margin::Factor(*share)),
            Some(Near::Amounts(named)) => {
                let amounts = self.by_objective(named, |_| 0.0)?;
                pareto::near_front(all, pareto::Margin::Amounts(&amounts))
            }
        };
        let near = near.map_err(undefined)?;
        for (i, point) in self.points.iter_mut().enumerate() {
            point.near = Some(near.contains(&i));
        }
        Ok(())
    }

    /// A number for each objective: the one named for it, else `other`.
    fn by_objective(
        &self,
        named: &[(String, f64)],
        other: impl Fn(usize) -> f64,
    ) -> Result<Vec<f64>, AnalysisError> {
        for (column, _) in named {
            self.objective(column)?;
        }
        let number = |(k, objective): (usize, &Objective)| {
            let found = named.iter().find(|(column, _)| *column == objective.column);
            found.map_or_else(|| other(k), |(_, value)| *value)
        };
        Ok(self.objectives.iter().enumerate().map(number).collect())
    }

    /// The volume and its shares, the knee and the steps.
    pub(super) fn measure(&mut self, options: &FrontierOptions) -> Result<(), AnalysisError> {
        let dimension = self.objectives.len();
        let worst = |k: usize| {
            let column = self.rows.gains.iter().skip(k).step_by(dimension);
            let gain = column.copied().fold(f64::INFINITY, f64::min);
            self.objectives
                .get(k)
                .map_or(gain, |o| o.direction.gain(gain))
        };
        self.reference = self.by_objective(&options.reference, worst)?;
        if dimension == 2 {
            self.knee = self.find_knee();
            self.steps = self.find_steps();
        }
        if dimension > 2 && self.size() > LISTED {
            return Ok(());
        }
        let corner = self.turned(&self.reference);
        let front: Vec<f64> = self
            .front()
            .iter()
            .flat_map(|p| self.turned(&p.values))
            .collect();
        let front = points(&front, dimension)?;
        // Of more objectives than it can be had for there is none.
        let Ok(found) = pareto::hypervolume(&front, &corner) else {
            return Ok(());
        };
        self.hypervolume = Some(found.volume);
        self.outside_reference = found.dropped;
        if self.is_small() && found.volume > 0.0 {
            self.share(&front, &corner, found.volume);
        }
        Ok(())
    }

    /// What the volume would lose without each point of the frontier.
    fn share(&mut self, front: &Points<'_>, corner: &[f64], volume: f64) {
        let Ok(alone) = pareto::contributions(front, corner) else {
            return;
        };
        for contribution in alone {
            if let Some(point) = self.points.get_mut(contribution.row) {
                point.share_of_frontier = Some(contribution.volume / volume);
            }
        }
        let size = self.size();
        if size > SHARED {
            return;
        }
        let gains: Vec<Vec<f64>> = self.points.iter().map(|p| self.turned(&p.values)).collect();
        for left_out in 0..size {
            let others = gains.iter().enumerate().filter(|(i, _)| *i != left_out);
            let rest: Vec<f64> = others
                .flat_map(|(_, gains)| gains.iter().copied())
                .collect();
            let rest = Points::new(&rest, front.dimension());
            let without = rest.and_then(|rest| pareto::hypervolume(&rest, corner));
            if let (Ok(without), Some(point)) = (without, self.points.get_mut(left_out)) {
                point.share_of_set = Some(((volume - without.volume) / volume).max(0.0));
            }
        }
    }

    /// Values turned so that more is better.
    fn turned(&self, values: &[f64]) -> Vec<f64> {
        let values = values.iter().zip(&self.objectives);
        values.map(|(v, o)| o.direction.gain(*v)).collect()
    }

    /// The point farthest above the line between the two ends of the frontier, both axes scaled to
    /// 0…1 over the frontier as they are drawn.
    fn find_knee(&self) -> Option<usize> {
        let mut drawn = Vec::with_capacity(2 * self.size());
        for point in self.front() {
            for (objective, value) in self.objectives.iter().zip(&point.values) {
                let value = if objective.log { value.log10() } else { *value };
                drawn.push(objective.direction.gain(value));
            }
        }
        let knee = pareto::knee(&Points::new(&drawn, 2).ok()?)?;
        Some(knee.row)
    }

    fn find_steps(&self) -> Vec<Step> {
        let front = self.front();
        let pairs = front.windows(2).enumerate();
        pairs
            .filter_map(|(i, pair)| {
                let (x0, y0) = (*pair[0].values.first()?, *pair[0].values.get(1)?);
                let (x1, y1) = (*pair[1].values.first()?, *pair[1].values.get(1)?);
                let rate = pareto::trade_off_rate((x0, y0), (x1, y1))?;
                Some(Step {
                    from: i,
                    to: i + 1,
                    per_100: rate.per_unit * 100.0,
                    per_doubling: rate.per_doubling,
                })
            })
            .collect()
    }
}
