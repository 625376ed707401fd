using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Losses;

/// <summary>One transform of the equivariance term, the same for every picture of a batch.</summary>
internal abstract record PictureTransform
{
    private PictureTransform()
    {
    }

    /// <param name="pictures">[N, 1, H, W].</param>
    /// <returns>The same shape; gradients flow through.</returns>
    public abstract Tensor Apply(Tensor pictures);

    /// <summary>Nothing.</summary>
    public sealed record Identity : PictureTransform
    {
        /// <inheritdoc/>
        public override Tensor Apply(Tensor pictures) => pictures;
    }

    /// <summary>Circular: what leaves on one side comes in on the other.</summary>
    /// <param name="Rows">Down.</param>
    /// <param name="Columns">To the right.</param>
    public sealed record Shift(int Rows, int Columns) : PictureTransform
    {
        /// <inheritdoc/>
        public override Tensor Apply(Tensor pictures) => pictures.roll((Rows, Columns), (2, 3));
    }

    /// <summary>Mirrored.</summary>
    /// <param name="LeftRight">Whether W is reversed.</param>
    /// <param name="UpDown">Whether H is reversed.</param>
    public sealed record Reflect(bool LeftRight, bool UpDown) : PictureTransform
    {
        /// <inheritdoc/>
        public override Tensor Apply(Tensor pictures) => (LeftRight, UpDown) switch
        {
            (true, true) => pictures.flip(2, 3),
            (true, false) => pictures.flip(3),
            (false, true) => pictures.flip(2),
            _ => pictures,
        };
    }

    /// <summary>
    /// Counter-clockwise as displayed about ((W - 1) / 2, (H - 1) / 2), bilinear, zeros outside, corners aligned: kornia 0.2.0, which the
    /// authors pin (emma.md 3.4).
    /// </summary>
    /// <param name="Degrees">The angle.</param>
    public sealed record Rotate(double Degrees) : PictureTransform
    {
        /// <inheritdoc/>
        public override Tensor Apply(Tensor pictures)
        {
            using Tensor grid = Grid((int)pictures.shape[2], (int)pictures.shape[3], pictures.device);
            using Tensor all = grid.expand(pictures.shape[0], -1, -1, -1);
            return nn.functional.grid_sample(pictures, all, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, align_corners: true);
        }

        /// <summary>Where each output pixel is taken from, [1, H, W, 2], x first, -1..1 from corner to corner.</summary>
        private Tensor Grid(int height, int width, Device device)
        {
            (double sine, double cosine) = Math.SinCos(Degrees * Math.PI / 180);
            double cx = (width - 1) / 2.0, cy = (height - 1) / 2.0;
            float[] places = new float[height * width * 2];
            for (int y = 0, at = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    double u = x - cx, v = y - cy;
                    places[at++] = (float)(((cosine * u) - (sine * v)) / cx);
                    places[at++] = (float)(((sine * u) + (cosine * v)) / cy);
                }
            }
            return tensor(places, [1, height, width, 2], device: device);
        }
    }
}
