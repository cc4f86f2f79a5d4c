/** Whether a site can be reached and is fit for the job, before anything is submitted. */
@NullMarked
package dev.rebound.deploy.control.site;

import org.jspecify.annotations.NullMarked;
