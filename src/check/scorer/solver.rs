//! Logistic regression with a penalty on large weights, solved in the dual by coordinate descent.
//!
//! *Source:* Yu, Huang and Lin, "Dual coordinate descent methods for logistic regression and maximum entropy models",
//! Machine Learning 85 (2011), algorithm 5. Coordinates are visited in an order that the seed fixes.

/// A row: features by number with their values, ascending.
pub(super) type Row = Vec<(u32, f32)>;

/// How many times all rows are visited at most.
const ROUNDS: usize = 300;
/// The search ends when no coordinate is further from its optimum than this.
const CLOSE: f64 = 0.05;

/// What one model is trained on.
pub(super) struct Problem<'r> {
    /// The rows.
    pub(super) rows: &'r [&'r Row],
    /// Whether each row is one of those that are looked for.
    pub(super) wanted: &'r [bool],
    /// What a mistake on each row costs.
    pub(super) costs: &'r [f64],
    /// Number of features.
    pub(super) width: usize,
    /// Fixes the order.
    pub(super) seed: u64,
}

/// Weights of the features, and the bias behind them.
pub(super) fn solve(problem: &Problem<'_>) -> Vec<f64> {
    let bias = problem.width;
    let mut weights = vec![0.0_f64; problem.width + 1];
    let mut duals: Vec<Dual> = Vec::with_capacity(problem.rows.len());
    for ((row, wanted), cost) in problem.rows.iter().zip(problem.wanted).zip(problem.costs) {
        let side = if *wanted { 1.0 } else { -1.0 };
        let low = (0.001 * cost).min(1e-8);
        let length = row.iter().map(|(_, v)| f64::from(*v) * f64::from(*v)).sum::<f64>() + 1.0;
        add(&mut weights, row, side * low, bias);
        duals.push(Dual { low, high: cost - low, cost: *cost, side, length });
    }
    let mut order: Vec<usize> = (0..duals.len()).collect();
    let mut random = Random(problem.seed);
    let mut precision = 1e-2;
    for _ in 0..ROUNDS {
        random.shuffle(&mut order);
        let (mut furthest, mut steps) = (0.0_f64, 0);
        for i in &order {
            let (Some(row), Some(dual)) = (problem.rows.get(*i), duals.get_mut(*i)) else { continue };
            let (change, far, inner) = dual.improve(dual.side * product(&weights, row, bias), precision);
            furthest = furthest.max(far);
            steps += inner;
            if change != 0.0 {
                add(&mut weights, row, change * dual.side, bias);
            }
        }
        if furthest < CLOSE {
            break;
        }
        if steps <= problem.rows.len() / 10 {
            precision = (0.1 * precision).max(1e-8);
        }
    }
    weights
}

/// The two dual variables of a row, which add up to its cost.
struct Dual {
    low: f64,
    high: f64,
    cost: f64,
    side: f64,
    length: f64,
}

impl Dual {
    /// Newton's method on one coordinate, `margin` being where its row stands. Returns what to add to the weights, how
    /// far the coordinate was from its optimum, and how many steps it took.
    fn improve(&mut self, margin: f64, precision: f64) -> (f64, f64, usize) {
        let swapped = 0.5 * self.length * (self.high - self.low) + margin < 0.0;
        let (old, sign) = if swapped { (self.high, -1.0) } else { (self.low, 1.0) };
        let cost = self.cost;
        let mut z = if cost - old < 0.5 * cost { 0.1 * old } else { old };
        let slope = |z: f64| self.length * (z - old) + sign * margin + (z / (cost - z)).ln();
        let mut gradient = slope(z);
        let far = gradient.abs();
        let mut steps = 0;
        while steps <= 100 && gradient.abs() >= precision {
            let curve = self.length + cost / (cost - z) / z;
            let next = z - gradient / curve;
            z = if next <= 0.0 { z * 0.1 } else { next };
            gradient = slope(z);
            steps += 1;
        }
        if steps == 0 {
            return (0.0, far, 0);
        }
        (self.low, self.high) = if swapped { (cost - z, z) } else { (z, cost - z) };
        (sign * (z - old), far, steps)
    }
}

fn product(weights: &[f64], row: &Row, bias: usize) -> f64 {
    let sum: f64 = row.iter().map(|(i, v)| weights.get(*i as usize).copied().unwrap_or(0.0) * f64::from(*v)).sum();
    sum + weights.get(bias).copied().unwrap_or(0.0)
}

fn add(weights: &mut [f64], row: &Row, by: f64, bias: usize) {
    for (i, v) in row {
        if let Some(w) = weights.get_mut(*i as usize) {
            *w += by * f64::from(*v);
        }
    }
    if let Some(w) = weights.get_mut(bias) {
        *w += by;
    }
}

/// `SplitMix64`: small, and the same everywhere.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Puts `items` in another order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let bound = i as u64 + 1;
            items.swap(i, usize::try_from(self.next() % bound).unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_separates_what_can_be_separated() {
        let rows: Vec<Row> = vec![vec![(0, 1.0)], vec![(1, 1.0)], vec![(0, 0.9)], vec![(1, 0.8)]];
        let rows: Vec<&Row> = rows.iter().collect();
        let wanted = [true, false, true, false];
        let solved = solve(&Problem { rows: &rows, wanted: &wanted, costs: &[10.0; 4], width: 2, seed: 1 });
        assert!(solved[0] > 1.0 && solved[1] < -1.0, "{solved:?}");
    }

    #[test]
    fn the_optimum_is_the_known_one() {
        // One row of length 1 and its bias: the gradient w - C / (1 + exp(2w)) is zero.
        let row: Row = vec![(0, 1.0)];
        let solved = solve(&Problem { rows: &[&row], wanted: &[true], costs: &[1.0], width: 1, seed: 1 });
        let w = solved[0];
        assert!((w - 1.0 / (1.0 + (2.0 * w).exp())).abs() < 0.01, "{w}");
    }

    /// At the optimum every weight is the sum, over the rows, of the row's cost, side and value times how likely it is taken for
    /// the other side. Rows overlap, cost differently, and cannot be separated.
    #[test]
    fn no_weight_can_be_moved_to_a_better_place() {
        let mut random = Random(3);
        let mut number = |below: u64| u32::try_from(random.next() % below).unwrap();
        let rows: Vec<Row> = (0..60)
            .map(|_| {
                let there: Vec<u32> = (0..8).filter(|_| number(3) == 0).collect();
                there.into_iter().map(|n| (n, f32::from(u8::try_from(number(9) + 1).unwrap()) / 5.0)).collect()
            })
            .collect();
        let rows: Vec<&Row> = rows.iter().collect();
        let wanted: Vec<bool> = rows.iter().map(|row| number(4) == 0 || row.iter().any(|(n, _)| *n == 2)).collect();
        let costs: Vec<f64> = rows.iter().map(|_| f64::from(number(4)) + 0.5).collect();
        let solved = solve(&Problem { rows: &rows, wanted: &wanted, costs: &costs, width: 8, seed: 1 });
        let mut balance = vec![0.0; 9];
        for ((row, wanted), cost) in rows.iter().zip(&wanted).zip(&costs) {
            let side = if *wanted { 1.0 } else { -1.0 };
            let mistaken = 1.0 / (1.0 + (side * product(&solved, row, 8)).exp());
            add(&mut balance, row, cost * side * mistaken, 8);
        }
        for (weight, balance) in solved.iter().zip(&balance) {
            assert!((weight - balance).abs() < 0.05, "{solved:?} {balance:?}");
        }
        assert!(solved[2] > 1.0 && solved[2] > solved[1], "{solved:?}");
    }

    /// The first numbers of the reference program of `SplitMix64`: an order that is another one makes another model.
    #[test]
    fn the_numbers_are_those_of_the_reference() {
        let mut random = Random(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn a_seed_fixes_the_order() {
        let (mut a, mut b) = ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]);
        Random(9).shuffle(&mut a);
        Random(9).shuffle(&mut b);
        assert_eq!(a, b);
    }
}
