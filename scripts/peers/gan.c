/* The tutorial's GAN in C, one thread, its gradients written by hand.

   Weights lie as Keras has them: a kernel (inputs, units), then a bias, layer after layer. Values
   of a batch lie sample by sample within each unit, [unit][sample], so that loops over the samples
   are the inner ones. */

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { LATENT = 5, G_HIDDEN = 15, POINT = 2, D_HIDDEN = 25, BATCH = 128, HALF = BATCH / 2 };
enum {
    G_SIZE = LATENT * G_HIDDEN + G_HIDDEN + G_HIDDEN * POINT + POINT,
    D_SIZE = POINT * D_HIDDEN + D_HIDDEN + D_HIDDEN + 1
};

typedef struct {
    float g[G_SIZE], g_m[G_SIZE], g_v[G_SIZE]; /* weights and Adam's moments */
    float d[D_SIZE], d_m[D_SIZE], d_v[D_SIZE];
    int32_t g_steps, d_steps;
} Gan;

static void dense(int n, int inputs, int units, const float *w, const float *x, int relu, float *y)
{
    const float *bias = w + inputs * units;
    for (int j = 0; j < units; j++) {
        float *out = y + j * BATCH;
        for (int i = 0; i < n; i++) out[i] = bias[j];
        for (int k = 0; k < inputs; k++)
            for (int i = 0; i < n; i++) out[i] += w[k * units + j] * x[k * BATCH + i];
        if (relu)
            for (int i = 0; i < n; i++) out[i] = out[i] > 0 ? out[i] : 0;
    }
}

/* From the gradient dy at the units (before their activation): that of the weights and, where dx
   is asked for, that of the inputs. */
static void dense_gradient(int n, int inputs, int units, const float *w, const float *x,
                           const float *dy, float *dw, float *dx)
{
    for (int j = 0; j < units; j++) {
        float sum = 0;
        for (int i = 0; i < n; i++) sum += dy[j * BATCH + i];
        dw[inputs * units + j] = sum;
    }
    for (int k = 0; k < inputs; k++) {
        for (int j = 0; j < units; j++) {
            float sum = 0;
            for (int i = 0; i < n; i++) sum += x[k * BATCH + i] * dy[j * BATCH + i];
            dw[k * units + j] = sum;
        }
        if (dx) {
            for (int i = 0; i < n; i++) dx[k * BATCH + i] = 0;
            for (int j = 0; j < units; j++)
                for (int i = 0; i < n; i++)
                    dx[k * BATCH + i] += w[k * units + j] * dy[j * BATCH + i];
        }
    }
}

static void relu_gradient(int n, int units, const float *y, float *dy)
{
    for (int j = 0; j < units; j++)
        for (int i = 0; i < n; i++) dy[j * BATCH + i] = y[j * BATCH + i] > 0 ? dy[j * BATCH + i] : 0;
}

/* Keras's Adam at its defaults. */
static void adam(int size, float *w, float *m, float *v, const float *gradient, int step)
{
    float rate = 0.001f * sqrtf(1 - powf(0.999f, step)) / (1 - powf(0.9f, step));
    for (int i = 0; i < size; i++) {
        m[i] += (gradient[i] - m[i]) * 0.1f;
        v[i] += (gradient[i] * gradient[i] - v[i]) * 0.001f;
        w[i] -= rate * m[i] / (sqrtf(v[i]) + 1e-7f);
    }
}

/* The gradients of the mean cross-entropy of n points that are all labelled `label`. */
static void discriminator_gradient(int n, const float *d, const float *points, float label,
                                   float *dw, float *dx)
{
    static float hidden[D_HIDDEN * BATCH], d_hidden[D_HIDDEN * BATCH], score[BATCH];
    const float *output = d + POINT * D_HIDDEN + D_HIDDEN;
    dense(n, POINT, D_HIDDEN, d, points, 1, hidden);
    dense(n, D_HIDDEN, 1, output, hidden, 0, score);
    for (int i = 0; i < n; i++) score[i] = (1 / (1 + expf(-score[i])) - label) / n;
    dense_gradient(n, D_HIDDEN, 1, output, hidden, score, dw + (output - d), d_hidden);
    relu_gradient(n, D_HIDDEN, hidden, d_hidden);
    dense_gradient(n, POINT, D_HIDDEN, d, points, d_hidden, dw, dx);
}

static void generate(int n, const float *g, const float *latent, float *hidden, float *points)
{
    dense(n, LATENT, G_HIDDEN, g, latent, 1, hidden);
    dense(n, G_HIDDEN, POINT, g + LATENT * G_HIDDEN + G_HIDDEN, hidden, 0, points);
}

/* One update of the tutorial. Each array is [number][BATCH], the first HALF used of the first two. */
void update(Gan *gan, const float *real, const float *fake_latent, const float *gan_latent)
{
    static float hidden[G_HIDDEN * BATCH], d_hidden[G_HIDDEN * BATCH];
    static float points[POINT * BATCH], d_points[POINT * BATCH];
    float dd[D_SIZE], dg[G_SIZE];
    const int output = LATENT * G_HIDDEN + G_HIDDEN;

    generate(HALF, gan->g, fake_latent, hidden, points);
    discriminator_gradient(HALF, gan->d, real, 1, dd, 0);
    adam(D_SIZE, gan->d, gan->d_m, gan->d_v, dd, ++gan->d_steps);
    discriminator_gradient(HALF, gan->d, points, 0, dd, 0);
    adam(D_SIZE, gan->d, gan->d_m, gan->d_v, dd, ++gan->d_steps);

    generate(BATCH, gan->g, gan_latent, hidden, points);
    discriminator_gradient(BATCH, gan->d, points, 1, dd, d_points);
    dense_gradient(BATCH, G_HIDDEN, POINT, gan->g + output, hidden, d_points, dg + output, d_hidden);
    relu_gradient(BATCH, G_HIDDEN, hidden, d_hidden);
    dense_gradient(BATCH, LATENT, G_HIDDEN, gan->g, gan_latent, d_hidden, dg, 0);
    adam(G_SIZE, gan->g, gan->g_m, gan->g_v, dg, ++gan->g_steps);
}

/* Marsaglia's xorshift: uniform in (0, 1]. */
static float uniform(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return ((*state >> 40) + 1) * 0x1p-24f;
}

/* Standard normal numbers, two at a time, by Box and Muller. */
static void normal(int n, float *z, uint64_t *state)
{
    for (int i = 0; i < n; i += 2) {
        z[i] = uniform(state);
        z[i + 1] = uniform(state);
    }
    for (int i = 0; i < n; i += 2) {
        float radius = sqrtf(-2 * logf(z[i])), angle = 6.2831853f * z[i + 1];
        z[i] = radius * cosf(angle);
        z[i + 1] = radius * sinf(angle);
    }
}

void train(Gan *gan, int n_updates, uint64_t seed)
{
    static float real[POINT * BATCH], fake_latent[LATENT * BATCH], gan_latent[LATENT * BATCH];
    uint64_t state = seed + 0x9e3779b97f4a7c15u;
    while (n_updates--) {
        for (int i = 0; i < HALF; i++) {
            real[i] = uniform(&state) - 0.5f;
            real[BATCH + i] = real[i] * real[i];
        }
        for (int k = 0; k < LATENT; k++) normal(HALF, fake_latent + k * BATCH, &state);
        normal(LATENT * BATCH, gan_latent, &state);
        update(gan, real, fake_latent, gan_latent);
    }
}
