"""From trees to JSONata 2.0.6 as Step Functions runs it."""
