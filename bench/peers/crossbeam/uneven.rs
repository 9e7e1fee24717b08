// Bodies that are mostly quick and sometimes slow, and bodies that send more or fewer items: see uneven.h.
use crate::{add_in_order, sink, source, triple, work, Job};
use crossbeam_channel::{bounded, Receiver};
use std::{io::{self, Read}, thread::{self, Scope}, time::Duration};

const NUMBER: u64 = 0xffff_ffff;

fn draw(x: u64, stage: u64) -> u64 {
    let mut x = x.wrapping_add((stage + 1).wrapping_mul(0x9e3779b97f4a7c15));
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d049bb133111eb);
    x ^ (x >> 31)
}

fn is_slow(job: &Job, stage: u64, number: u64) -> bool {
    if job.every > 0 {
        return (number + stage * (job.every / 4)) % job.every == job.every / 2;
    }
    job.odds > 0 && draw(number, stage) % job.odds == 0
}

// A body of stage 0, 1, ...
fn body(job: &Job, stage: u64, x: u64) -> u64 {
    let number = x & NUMBER;
    let mut steps = job.steps;
    if is_slow(job, stage, number) {
        if job.nap > 0 {
            thread::sleep(Duration::from_micros(job.nap));
        }
        steps += job.toil + 1;
    }
    number | (work(x, steps) & !NUMBER)
}

fn numbers<'s>(s: &'s Scope<'s, '_>, job: &'s Job) -> Receiver<u64> {
    let (to, from) = bounded(job.cap);
    s.spawn(|| source(0, job.items, to));
    from
}

// The numbers that come on the standard input.
fn read_numbers<'s>(s: &'s Scope<'s, '_>, job: &'s Job) -> Receiver<u64> {
    let (to, from) = bounded(job.cap);
    s.spawn(move || {
        let mut block = [0; 4096];
        loop {
            let len = io::stdin().read(&mut block).unwrap();
            if len == 0 {
                break;
            }
            for bytes in block[..len].chunks_exact(8) {
                to.send(u64::from_le_bytes(bytes.try_into().unwrap())).unwrap();
            }
        }
    });
    from
}

// So many workers, each of which makes a stream of items out of one.
fn pass<'s, T, I>(
    s: &'s Scope<'s, '_>, job: &'s Job, workers: u64, from: Receiver<u64>, body: impl Fn(u64) -> I + Copy + Send + 's,
) -> Receiver<T>
where
    T: Send + 's,
    I: IntoIterator<Item = T>,
{
    let (to, out) = bounded(job.cap);
    for _ in 0..workers {
        let (from, to) = (from.clone(), to.clone());
        s.spawn(move || {
            for x in from {
                for y in body(x) {
                    to.send(y).unwrap();
                }
            }
        });
    }
    out
}

fn pass_body<'s>(s: &'s Scope<'s, '_>, job: &'s Job, stage: u64, from: Receiver<u64>) -> Receiver<u64> {
    pass(s, job, job.workers, from, move |x| Some(body(job, stage, x)))
}

// The workers of the last stage add up what they make.
fn add_body<'s>(s: &'s Scope<'s, '_>, job: &'s Job, stage: u64, from: Receiver<u64>) -> u64 {
    let workers: Vec<_> = (0..job.workers)
        .map(|_| {
            let from = from.clone();
            s.spawn(move || from.iter().fold(0, |sum: u64, x| sum.wrapping_add(body(job, stage, x))))
        })
        .collect();
    workers.into_iter().fold(0, |sum, worker| sum.wrapping_add(worker.join().unwrap()))
}

pub fn uneven(job: &Job) -> u64 {
    thread::scope(|s| sink(pass_body(s, job, 0, numbers(s, job))))
}

pub fn read(job: &Job) -> u64 {
    thread::scope(|s| sink(pass_body(s, job, 0, read_numbers(s, job))))
}

pub fn end(job: &Job) -> u64 {
    thread::scope(|s| add_body(s, job, 0, numbers(s, job)))
}

pub fn two(job: &Job) -> u64 {
    thread::scope(|s| add_body(s, job, 1, pass_body(s, job, 0, numbers(s, job))))
}

pub fn ordered(job: &Job) -> u64 {
    thread::scope(|s| {
        let numbers = numbers(s, job);
        add_in_order(pass(s, job, job.workers, numbers, move |x| Some((x, body(job, 0, x)))))
    })
}

// An expander sends 0 to 4 items for each.
fn expand(job: &Job, stages: u64) -> u64 {
    thread::scope(|s| {
        let last = (0..stages).fold(numbers(s, job), |from, stage| {
            let workers = if stage == 0 { 8 } else { 4 };
            pass(s, job, workers, from, move |x| (0..draw(x, stage) % 5).map(move |i| triple(x).wrapping_add(i)))
        });
        sink(last)
    })
}

pub fn expand_two(job: &Job) -> u64 {
    expand(job, 2)
}

pub fn expand_three(job: &Job) -> u64 {
    expand(job, 3)
}
