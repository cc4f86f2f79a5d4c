/** First models and variants, trained on anyone's events. */
@NullMarked
package dev.rebound.deploy.lab.training;

import org.jspecify.annotations.NullMarked;
