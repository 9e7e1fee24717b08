// With crossbeam's channels and scoped threads.
//
//     crossbeam hop|five|pool|many ITEMS…     see job.h
use crossbeam_channel::{bounded, Receiver, Sender};
use std::{collections::VecDeque, env, process, thread, time::{Duration, Instant}};

mod uneven;

#[derive(Default)]
struct Job {
    items: u64,
    cap: usize,
    workers: u64,
    steps: u64,
    // see uneven.h
    every: u64,
    odds: u64,
    nap: u64,
    toil: u64,
}

fn triple(x: u64) -> u64 {
    x.wrapping_mul(3).wrapping_add(1)
}

fn fold(x: u64) -> u64 {
    x ^ (x >> 7)
}

fn shift(x: u64) -> u64 {
    x.wrapping_add(11)
}

fn work(x: u64, steps: u64) -> u64 {
    let mut x = triple(x);
    for _ in 0..steps {
        x = (x ^ (x >> 29)).wrapping_mul(0xbf58476d1ce4e5b9);
    }
    x
}

fn source(from: u64, to: u64, out: Sender<u64>) {
    for i in from..to {
        out.send(i).unwrap();
    }
}

fn stage(from: Receiver<u64>, to: Sender<u64>, call: impl Fn(u64) -> u64) {
    for x in from {
        to.send(call(x)).unwrap();
    }
}

fn sink(from: Receiver<u64>) -> u64 {
    from.iter().fold(0, u64::wrapping_add)
}

fn hop(job: &Job) -> u64 {
    let (to, from) = bounded(job.cap);
    thread::scope(|s| {
        s.spawn(|| source(0, job.items, to));
        sink(from)
    })
}

// A loop over the receivers' channels, each of which gets every item.
fn cast(job: &Job) -> u64 {
    let (tos, froms): (Vec<_>, Vec<_>) = (0..4).map(|_| bounded(job.cap)).unzip();
    thread::scope(|s| {
        let sinks: Vec<_> = froms.into_iter().map(|from| s.spawn(|| sink(from))).collect();
        for x in 0..job.items {
            for to in &tos {
                to.send(x).unwrap();
            }
        }
        drop(tos);
        sinks.into_iter().map(|sink| sink.join().unwrap()).fold(0, u64::wrapping_add)
    })
}

// A full channel drops its oldest item. The sum is right where the last one has arrived.
fn dropping(job: &Job) -> u64 {
    let (to, from) = bounded(job.cap);
    let mine = from.clone();
    thread::scope(|s| {
        s.spawn(move || {
            for x in 0..job.items {
                while to.try_send(x).is_err() {
                    let _ = mine.try_recv();
                }
            }
        });
        from.iter().last().unwrap()
    })
}

fn five(job: &Job) -> u64 {
    let (to_a, a) = bounded(job.cap);
    let (to_b, b) = bounded(job.cap);
    let (to_c, c) = bounded(job.cap);
    let (to_d, d) = bounded(job.cap);
    thread::scope(|s| {
        s.spawn(|| source(0, job.items, to_a));
        s.spawn(|| stage(a, to_b, triple));
        s.spawn(|| stage(b, to_c, fold));
        s.spawn(|| stage(c, to_d, shift));
        sink(d)
    })
}

fn pool(job: &Job) -> u64 {
    let (to_a, a) = bounded(job.cap);
    let (to_b, b) = bounded(job.cap);
    thread::scope(|s| {
        s.spawn(|| source(0, job.items, to_a));
        for _ in 0..job.workers {
            let (a, to_b) = (a.clone(), to_b.clone());
            s.spawn(move || stage(a, to_b, |x| work(x, job.steps)));
        }
        drop((a, to_b));
        sink(b)
    })
}

// Four senders and four receivers on one channel.
fn many(job: &Job) -> u64 {
    let (to, from) = bounded(job.cap);
    thread::scope(|s| {
        let sinks: Vec<_> = (0..4)
            .map(|i| {
                let (to, from) = (to.clone(), from.clone());
                s.spawn(move || source(job.items * i / 4, job.items * (i + 1) / 4, to));
                s.spawn(|| sink(from))
            })
            .collect();
        drop((to, from));
        sinks.into_iter().map(|sink| sink.join().unwrap()).fold(0, u64::wrapping_add)
    })
}

// The results go with their number, and the collector keeps what is early.
fn add_in_order(from: Receiver<(u64, u64)>) -> u64 {
    let mut early = VecDeque::new();
    let mut first = 0;
    let mut sum = 0u64;
    for (number, result) in from {
        let at = (number - first) as usize;
        if at >= early.len() {
            early.resize(at + 1, None);
        }
        early[at] = Some(result);
        while let Some(&Some(result)) = early.front() {
            sum = sum.wrapping_mul(31).wrapping_add(result);
            early.pop_front();
            first += 1;
        }
    }
    sum
}

// A pool whose results come in the order of the input.
fn ordered(job: &Job) -> u64 {
    let (to_a, a) = bounded(job.cap);
    let (to_b, b) = bounded(job.cap);
    thread::scope(|s| {
        s.spawn(|| source(0, job.items, to_a));
        for _ in 0..job.workers {
            let (a, to_b) = (a.clone(), to_b.clone());
            s.spawn(move || {
                for x in a {
                    to_b.send((x, work(x, job.steps))).unwrap();
                }
            });
        }
        drop((a, to_b));
        add_in_order(b)
    })
}

fn percentiles(mut times: Vec<u128>) {
    times.sort_unstable();
    print!("p50={} p99={} ", times[times.len() / 2], times[times.len() * 99 / 100]);
}

// An item goes to another thread and comes back before the next one sets out.
fn trip(job: &Job) -> u64 {
    let (to_forth, forth) = bounded(1);
    let (to_back, back) = bounded(1);
    let mut times = Vec::with_capacity(job.items as usize);
    let mut sum = 0u64;
    thread::scope(|s| {
        s.spawn(|| stage(forth, to_back, |x| x));
        let mut sent = Instant::now();
        for i in 0..job.items {
            to_forth.send(i).unwrap();
            sum = sum.wrapping_add(back.recv().unwrap());
            let at = Instant::now();
            times.push((at - sent).as_nanos());
            sent = at;
        }
        drop(to_forth);
    });
    percentiles(times);
    sum
}

// The first item after 1 ms of silence; with it goes when it was sent.
fn silence(job: &Job) -> u64 {
    let (to, from) = bounded(job.cap);
    let mut times = Vec::with_capacity(job.items as usize);
    let mut sum = 0u64;
    thread::scope(|s| {
        s.spawn(move || {
            for i in 0..job.items {
                thread::sleep(Duration::from_millis(1));
                to.send((i, Instant::now())).unwrap();
            }
        });
        for (x, sent) in from {
            times.push(sent.elapsed().as_nanos());
            sum = sum.wrapping_add(x);
        }
    });
    percentiles(times);
    sum
}

fn fail(why: &str) -> ! {
    eprintln!("bench: crossbeam: {why}");
    process::exit(2);
}

fn parse(args: env::Args) -> Job {
    let mut job = Job { items: 1000000, cap: 256, workers: 4, ..Job::default() };
    for arg in args {
        let (name, value) = match arg.split_once('=').map(|(name, value)| (name, value.parse())) {
            Some((name, Ok(value))) => (name, value),
            _ => fail(&format!("{arg}: NAME=NUMBER is wanted")),
        };
        match name {
            "items" => job.items = value,
            "cap" => job.cap = value as usize,
            "workers" => job.workers = value,
            "steps" => job.steps = value,
            "every" => job.every = value,
            "odds" => job.odds = value,
            "nap" => job.nap = value,
            "toil" => job.toil = value,
            _ => fail(&format!("no such argument: {arg}")),
        }
    }
    job
}

fn main() {
    let mut args = env::args();
    args.next();
    let run = match args.next().as_deref() {
        Some("hop") => hop,
        Some("cast") => cast,
        Some("dropping") => dropping,
        Some("five") => five,
        Some("pool") => pool,
        Some("many") => many,
        Some("ordered") => ordered,
        Some("trip") => trip,
        Some("silence") => silence,
        Some("uneven") => uneven::uneven,
        Some("uneven-end") => uneven::end,
        Some("uneven-two") => uneven::two,
        Some("uneven-read") => uneven::read,
        Some("uneven-ordered") => uneven::ordered,
        Some("expand-two") => uneven::expand_two,
        Some("expand-three") => uneven::expand_three,
        _ => fail("usage: crossbeam JOB [items=N] [cap=N] [workers=N] [steps=N]"),
    };
    let job = parse(args);
    let start = Instant::now();
    let sum = run(&job);
    println!("ns={:.3} sum={sum}", start.elapsed().as_nanos() as f64 / job.items as f64);
}
