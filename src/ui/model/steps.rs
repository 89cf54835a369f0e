//! The steps of lab 18, each one command.

/// One step of the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabStep {
    /// What is done.
    pub title: &'static str,
    /// What to look at.
    pub look: &'static str,
    /// The terminal it belongs to: a watch has one of its own.
    pub terminal: usize,
    /// The line.
    pub line: &'static str,
}

/// The lab, in order. It scales `mehdb` (its sheet once says `web`) and waits for the reader to look between steps.
pub const STEPS: &[LabStep] = &[
    LabStep {
        title: "Make room",
        look: "Everything of the lab lives in one namespace.",
        terminal: 0,
        line: "kubectl create ns lab-18",
    },
    LabStep {
        title: "Create the set and its Service",
        look: "One pod at a time: mehdb-1 waits until mehdb-0 is Ready, half a minute later.",
        terminal: 0,
        line: "kubectl create -f stateful.yaml -n lab-18",
    },
    LabStep {
        title: "Look at all of it",
        look: "One claim for each seat, one headless Service for their names.",
        terminal: 0,
        line: "kubectl get sts,po,pvc,svc -n lab-18",
    },
    LabStep {
        title: "Watch in the second terminal",
        look: "It goes on until Ctrl-C, while the first one types.",
        terminal: 1,
        line: "kubectl get pods -w -l app=mehdb -n lab-18",
    },
    LabStep {
        title: "Scale up to 4",
        look: "Two new seats, in order, each with a claim of its own.",
        terminal: 0,
        line: "kubectl scale sts mehdb --replicas=4 -n lab-18",
    },
    LabStep {
        title: "Scale down to 2 by a patch",
        look: "The highest ordinal leaves first.",
        terminal: 0,
        line: r#"kubectl patch sts mehdb -p '{"spec":{"replicas":2}}' -n lab-18"#,
    },
    LabStep {
        title: "Count the claims",
        look: "Four: a seat outlives its guest. Scale up again and the pods find their data.",
        terminal: 0,
        line: "kubectl get pvc -l app=mehdb -n lab-18",
    },
    LabStep {
        title: "Tidy up",
        look: "The namespace takes all with it, the claims too.",
        terminal: 0,
        line: "kubectl delete ns lab-18",
    },
];
